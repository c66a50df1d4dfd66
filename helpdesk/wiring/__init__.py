"""Services meet their stores, one module a part of the desk; `helpdesk.bootstrap` is what the functions ask."""
