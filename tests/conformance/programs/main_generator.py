"""A suspended generator is closed at the end."""


def steps():
    try:
        yield 1
    finally:
        print("closed")


generator = steps()
print(next(generator))
