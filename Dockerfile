# The application alone: no secret, no compiler, not root. TLS is the proxy's (compose.yaml).
FROM python:3.11-slim AS packages
WORKDIR /build
COPY requirements/runtime.lock ./
# Flask-Principal alone is published as source only.
RUN python -m venv /venv \
    && /venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes \
        --only-binary :all: --no-binary flask-principal -r runtime.lock

FROM python:3.11-slim
RUN useradd --system --uid 10001 --user-group --home-dir /instance --shell /usr/sbin/nologin intake \
    && install --directory --owner intake --group intake --mode 0700 /instance
COPY --from=packages /venv /venv
WORKDIR /app
COPY wsgi.py ./
COPY intake ./intake
RUN python -m compileall -q /venv/lib /app
ENV PATH=/venv/bin:$PATH INTAKE_INSTANCE=/instance PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
USER 10001
VOLUME /instance
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["sh", "-c", "flask --app wsgi db upgrade && exec flask --app wsgi serve"]
