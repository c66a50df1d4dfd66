"""The desk on one machine: starts an AWS emulator, deploys the ordinary stack to it and serves it on 127.0.0.1.

Nothing here runs in a Lambda, and nothing deployed knows of it.
"""
