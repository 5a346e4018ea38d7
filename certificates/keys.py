"""RSA keys that follow from a seed and a name, and their signatures (PKCS #1 v1.5).

Models keys of 2,048 bits from the table of primes, other sizes (weak ones, say) by search,
signatures with SHA-1 and the SHA-2 family, PEM in PKCS #1 and PKCS #8. RSA, because grid tools
print its key lengths and every generation of them accepts it. The standard library's big numbers
do the arithmetic: 5 ms a signature, 0.1 ms a check, no library to import.
Not modelled: secrecy. A key is a function of public words and shares its primes with others.
Not modelled: encrypted keys, EC keys, PSS.
Read from RFC 8017 (sections 3, 8.2, A.1), RFC 5208.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache

from certificates import der
from certificates import primes
from certificates.pem import blocks
from certificates.pem import pem

EXPONENT = 65_537
BITS_MAX = 8_192
RSA = "1.2.840.113549.1.1.1"
# The OID of the signature algorithm, and that of the digest inside the signature.
ALGORITHMS = {
    "sha1": ("1.2.840.113549.1.1.5", "1.3.14.3.2.26"),
    "sha256": ("1.2.840.113549.1.1.11", "2.16.840.1.101.3.4.2.1"),
    "sha384": ("1.2.840.113549.1.1.12", "2.16.840.1.101.3.4.2.2"),
    "sha512": ("1.2.840.113549.1.1.13", "2.16.840.1.101.3.4.2.3"),
}
DIGESTS = {algorithm: digest for digest, (algorithm, _) in ALGORITHMS.items()}
PRIVATE_LABELS = ("RSA PRIVATE KEY", "PRIVATE KEY")
SEARCH_MAX = 1 << 17


@dataclass(frozen=True, slots=True)
class PublicKey:
    """An RSA key as others see it: *modulus* and *exponent*."""

    modulus: int
    exponent: int = EXPONENT

    @property
    def bits(self) -> int:
        """Return the length of the key."""
        return self.modulus.bit_length()

    def der(self) -> bytes:
        """Return the RSAPublicKey, whose hash identifies the key."""
        return der.sequence(der.integer(self.modulus), der.integer(self.exponent))

    def info(self) -> bytes:
        """Return the SubjectPublicKeyInfo."""
        return der.sequence(algorithm(RSA), der.bits(self.der()))

    def identifier(self) -> bytes:
        """Return the twenty bytes by which certificates name a key (RFC 5280, 4.2.1.2, way 1)."""
        return hashlib.sha1(self.der(), usedforsecurity=False).digest()


@dataclass(frozen=True, slots=True)
class PrivateKey:
    """An RSA key with its secret *exponent* and its two primes, *p* the larger."""

    public: PublicKey
    exponent: int
    p: int
    q: int

    def sign(self, data: bytes, *, digest: str = "sha256") -> bytes:
        """Return the signature of *data*; the same bytes every time."""
        size = (self.public.bits + 7) // 8
        message = int.from_bytes(_padded(data, digest, size), "big")
        s = pow(message, self.exponent % (self.q - 1), self.q)
        r = pow(message, self.exponent % (self.p - 1), self.p)
        signature = s + self.q * (pow(self.q, -1, self.p) * (r - s) % self.p)
        return signature.to_bytes(size, "big")

    def der(self) -> bytes:
        """Return the key in PKCS #1."""
        numbers = (
            0,
            self.public.modulus,
            self.public.exponent,
            self.exponent,
            self.p,
            self.q,
            self.exponent % (self.p - 1),
            self.exponent % (self.q - 1),
            pow(self.q, -1, self.p),
        )
        return der.sequence(*map(der.integer, numbers))

    def pem(self) -> str:
        """Return the key as the text that grid tools expect in a proxy file."""
        return pem("RSA PRIVATE KEY", self.der())


def algorithm(dotted: str) -> bytes:
    """Return an AlgorithmIdentifier without parameters."""
    return der.sequence(der.oid(dotted), der.null())


def signature_algorithm(digest: str) -> bytes:
    """Return the AlgorithmIdentifier of RSA signatures with *digest*."""
    return algorithm(ALGORITHMS[digest][0])


def digest_of(outer: der.Element, inner: der.Element) -> str:
    """Return the digest of a signature, named by the AlgorithmIdentifiers out- and inside of it.

    Returns "" for an unknown one, and where the two differ: no signature is good then.
    """
    if outer.raw != inner.raw:
        return ""
    return DIGESTS.get(outer.reader().take(der.OID).oid(), "")


@lru_cache(maxsize=4096)
def is_signature(signature: bytes, data: bytes, *, digest: str, key: PublicKey) -> bool:
    """Tell whether *signature* is that of *data* under *key*."""
    size = (key.bits + 7) // 8
    if digest not in ALGORITHMS or len(signature) != size or key.bits > BITS_MAX:
        return False
    shown = pow(int.from_bytes(signature, "big"), key.exponent, key.modulus)
    try:
        return shown.to_bytes(size, "big") == _padded(data, digest, size)
    except der.CertificateError:
        return False


def _padded(data: bytes, digest: str, size: int) -> bytes:
    hashed = hashlib.new(digest, data, usedforsecurity=False).digest()
    info = der.sequence(algorithm(ALGORITHMS[digest][1]), der.octets(hashed))
    if size < len(info) + 11:
        raise der.CertificateError(f"a key of {8 * size} bits is too short for {digest}")
    return b"\0\1" + b"\xff" * (size - len(info) - 3) + b"\0" + info


@lru_cache(maxsize=1024)
def key_of(seed: str, name: str, *, bits: int = 2048) -> PrivateKey:
    """Return the key that *seed* and *name* stand for, the same in every process.

    One of 8 million keys for 2,048 bits; for other lengths the primes are searched, which takes
    10 ms at 1,024 bits and seconds at 4,096.
    """
    if bits == 2 * primes.BITS:
        drawn = number_of(seed, "key", name, bits=64)
        p, q = primes.prime(drawn % primes.COUNT), primes.prime((drawn >> 32) % primes.COUNT)
        # The same prime twice would make no key: the neighbour it is, then.
        q = primes.prime(((drawn >> 32) + 1) % primes.COUNT) if p == q else q
    else:
        p, q = (search(f"{seed}/key/{name}/{which}", bits=bits // 2) for which in "pq")
    return _key(max(p, q), min(p, q))


def _key(p: int, q: int) -> PrivateKey:
    secret = pow(EXPONENT, -1, (p - 1) * (q - 1))
    return PrivateKey(PublicKey(p * q), secret, p, q)


def number_of(*words: object, bits: int) -> int:
    """Return a positive number below 2**bits that follows from *words*."""
    text = "\0".join(map(str, words)).encode()
    drawn = int.from_bytes(hashlib.shake_256(text).digest((bits + 7) // 8), "big")
    return (drawn & ((1 << bits) - 1)) or 1


def search(name: str, *, bits: int) -> int:
    """Return the first prime at or after the start that *name* stands for, fit for a key."""
    start = primes.start_of(name, bits)
    for step in range(0, SEARCH_MAX, 2):
        if is_prime(start + step) and (start + step - 1) % EXPONENT:
            return start + step
    raise der.CertificateError(f"no prime within {SEARCH_MAX} of the start of {name!r}")


def is_prime(number: int) -> bool:
    """Tell whether *number*, which is odd and above 4,000, passes for a prime."""
    if any(number % small == 0 for small in _small()):
        return False
    # For numbers that nobody chose on purpose one round decides; the others are for show.
    return all(_passes(number, witness) for witness in (2, 3, 5))


@lru_cache(maxsize=1)
def _small() -> tuple[int, ...]:
    odd = range(3, 4_000, 2)
    return tuple(n for n in odd if all(n % d for d in range(3, int(n**0.5) + 1, 2)))


def _passes(number: int, witness: int) -> bool:
    """Tell whether *number* passes one round of Miller and Rabin."""
    twos = ((number - 1) & (1 - number)).bit_length() - 1
    power = pow(witness, (number - 1) >> twos, number)
    if power in (1, number - 1):
        return True
    for _ in range(twos - 1):
        power = power * power % number
        if power == number - 1:
            return True
    return False


def read_key(text: str) -> PrivateKey:
    """Return the first private key in the PEM *text*. Raises CertificateError."""
    for label, body in blocks(text):
        if label in PRIVATE_LABELS:
            return _read_private(body if label.startswith("RSA") else _unwrapped(body))
    raise der.CertificateError("no private key in this text")


def _unwrapped(body: bytes) -> bytes:
    """Return the PKCS #1 key inside a PKCS #8 one."""
    reader = der.read(body, der.SEQUENCE).reader()
    reader.take(der.INTEGER)
    if reader.take(der.SEQUENCE).reader().take(der.OID).oid() != RSA:
        raise der.CertificateError("the key is not RSA")
    return reader.take(der.OCTETS).content


def _read_private(body: bytes) -> PrivateKey:
    numbers = [element.integer() for element in der.read(body, der.SEQUENCE).children()]
    if len(numbers) != 9:
        raise der.CertificateError("an RSA key has nine numbers")
    _, modulus, exponent, secret, p, q = numbers[:6]
    fits = p * q == modulus and min(p, q, exponent) >= 3
    if not fits or any(exponent * secret % (prime - 1) != 1 for prime in (p, q)):
        raise der.CertificateError("the numbers of this RSA key do not fit")
    return PrivateKey(PublicKey(modulus, exponent), secret, p, q)


def read_public(info: der.Element) -> PublicKey:
    """Return the key in a SubjectPublicKeyInfo. Raises CertificateError."""
    reader = info.reader()
    if reader.take(der.SEQUENCE).reader().take(der.OID).oid() != RSA:
        raise der.CertificateError("the public key is not RSA")
    numbers = der.read(reader.take(der.BITS).bits(), der.SEQUENCE).children()
    if len(numbers) != 2 or min(element.integer() for element in numbers) < 3:
        raise der.CertificateError("a public RSA key of wrong form")
    return PublicKey(numbers[0].integer(), numbers[1].integer())
