"""Asking a model behind an OpenAI-compatible endpoint: vLLM, SGLang, llama.cpp or a hosted one."""
