"""The error of a request that the site declines."""


class Refused(Exception):
    """A request that can't be met; the message tells the person who made it why.

    Pages show it, the API answers it with status 409, and a command ends with it.
    """
