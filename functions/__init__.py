"""One folder a Lambda: a handler reads the event, calls a service, shapes the answer."""
