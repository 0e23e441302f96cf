"""SipHash-2-4 with the key 0, as Aumasson and Bernstein (2012) describe it."""

ALL = 2**64 - 1


def turned(value, bits):
    return (value << bits | value >> 64 - bits) & ALL


def mixed(a, b, c, d):
    """One round."""
    a, c = (a + b) & ALL, (c + d) & ALL
    b, d = turned(b, 13) ^ a, turned(d, 16) ^ c
    a, c = (turned(a, 32) + d) & ALL, (c + b) & ALL
    return a, turned(b, 17) ^ c, turned(c, 32), turned(d, 21) ^ a


def siphash(content):
    state = (0x736F6D6570736575, 0x646F72616E646F6D, 0x6C7967656E657261, 0x7465646279746573)
    padded = content + bytes(7 - len(content) % 8) + bytes([len(content) % 256])
    for at in range(0, len(padded), 8):
        word = int.from_bytes(padded[at:at + 8], "little")
        a, b, c, d = state
        a, b, c, d = mixed(*mixed(a, b, c, d ^ word))
        state = (a ^ word, b, c, d)
    a, b, c, d = state
    c ^= 0xFF
    for _ in range(4):
        a, b, c, d = mixed(a, b, c, d)
    return a ^ b ^ c ^ d
