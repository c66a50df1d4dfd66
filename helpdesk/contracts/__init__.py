"""What the desk, its functions and its infrastructure agree on. Standard library only; all that infra/ may import."""
