"""The parts the desk's stack is made of, one module a part."""
