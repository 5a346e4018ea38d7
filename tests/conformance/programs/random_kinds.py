"""Random numbers have their types and ranges."""

import os
import random
import secrets
import uuid

print(
    0 <= random.random() < 1,
    len(os.urandom(5)),
    len(secrets.token_hex(4)),
    uuid.uuid4().version,
    uuid.uuid1().version,
)
random.seed(5)
print(
    random.random(), random.randint(1, 100), random.Random(5).random(), random.sample(range(10), 3)
)
with open("/dev/urandom", "rb") as source:
    print(len(source.read(16)))
for each in (-1,):
    try:
        os.urandom(each)
    except ValueError as error:
        print(error)
