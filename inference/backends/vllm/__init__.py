"""A vLLM server that the worker starts, watches and stops.

`servers.server_for` gives the server of a model, or one that runs already; `asking.ask_all` puts
questions to it and survives its death. vLLM lives in a virtual environment of its own and is never
imported here: it is a program that answers HTTP.
"""
