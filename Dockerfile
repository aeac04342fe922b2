# Two images: `web` for the pages, the scheduler and workers without models; `gpu` for workers with models.
#   docker build --target web -t misstep:web .
#   docker build --target gpu -t misstep:gpu .

FROM python:3.11-slim-bookworm AS base
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /app
# Install dependencies first: they change rarely and take long, so this layer is cached.
COPY pyproject.toml constraints.txt ./
RUN python -c "import tomllib; print(*tomllib.load(open('pyproject.toml', 'rb'))['project']['dependencies'], sep='\n')" > /tmp/dependencies.txt \
    && pip install -c constraints.txt -r /tmp/dependencies.txt

FROM base AS torch
RUN python -c "import tomllib; print(*tomllib.load(open('pyproject.toml', 'rb'))['project']['optional-dependencies']['torch'], sep='\n')" > /tmp/torch.txt \
    && pip install -c constraints.txt -r /tmp/torch.txt

FROM base AS web
COPY . .
# Editable, so that templates and static files are found next to the packages.
RUN pip install --no-deps -e . \
    && useradd --uid 10001 --create-home misstep \
    && install -d -o misstep -g misstep /data /app/public
ENV MISSTEP_HOME=/data MISSTEP_STATIC_DIR=/app/public
USER misstep
RUN MISSTEP_HOME=/tmp/build MISSTEP_SECRET_KEY=only-while-building misstep collectstatic --no-input --verbosity 0 \
    && rm -r /tmp/build
VOLUME /data
EXPOSE 8000
CMD ["gunicorn", "-c", "python:misstep.gunicorn_conf", "--bind", "0.0.0.0:8000", "misstep.wsgi"]

# vLLM needs other package versions than Misstep, so it has its own environment. Both images have the
# same Python, so the environment still works after it is copied.
FROM python:3.11-slim-bookworm AS vllm
RUN python -m venv /opt/vllm && /opt/vllm/bin/pip install --no-cache-dir vllm==0.32.0

FROM torch AS gpu
# vLLM compiles its kernels on the machine that runs them.
RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev \
    && rm -rf /var/lib/apt/lists/*
COPY --from=vllm /opt/vllm /opt/vllm
ENV MISSTEP_VLLM_PYTHON=/opt/vllm/bin/python
COPY . .
RUN pip install --no-deps -e . \
    && useradd --uid 10001 --create-home misstep \
    && install -d -o misstep -g misstep /data /models
ENV MISSTEP_HOME=/data HF_HOME=/data/models
USER misstep
VOLUME /data
CMD ["misstep", "work", "--queues", "prm,critic"]
