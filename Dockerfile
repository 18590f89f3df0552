FROM python:3.13-slim AS builder
WORKDIR /app
COPY daysheet requirements.lock requirements-push.lock requirements-pdf.lock requirements-node.lock ./
COPY web/package.json web/package-lock.json web/
# Node.js only fetches the front-end packages; the running office does not need it.
# With --push in it, the office can tell managers' phones that something waits; with --pdf, it makes PDF files.
ARG SETUP=""
RUN ./daysheet setup $SETUP && rm -rf .venv/node

FROM python:3.13-slim
ARG SETUP=""
RUN case "$SETUP" in *--pdf*) apt-get update \
    && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/* ;; esac
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin daysheet \
    && install -d -o daysheet -g daysheet -m 0700 /data
WORKDIR /app
# The virtual environment keeps the path it was made at.
COPY --from=builder /app/.venv .venv
COPY . .
COPY --from=builder /app/web/node_modules web/node_modules
RUN .venv/bin/python -m compileall -q backend migrations
ENV PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DAYSHEET_DATA=/data
USER daysheet
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["python", "-m", "backend", "serve", "--host", "0.0.0.0"]
