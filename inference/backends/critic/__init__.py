"""Critics: language models that read a whole trace and say where it first goes wrong."""
