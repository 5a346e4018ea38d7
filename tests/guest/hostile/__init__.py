"""Ways out: small programs that try to leave the fence, each with what must come of it."""
