"""What the main module holds is finalised at the end."""


class Thing:
    def __del__(self):
        print("gone")


thing = Thing()
print("end")
