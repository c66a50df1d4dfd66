"""SLA policies, business calendars and the clocks that count them: exact to the millisecond, and pure."""
