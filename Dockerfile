# One image for the web server, the pipeline and the alerts; docs/containers.md says how it is
# built and run.

FROM python:3.11-slim-bookworm AS build
WORKDIR /app
COPY requirements.txt .
# Wheels only, so that no compiler is needed. The libraries' own tests are a seventh of all bytes.
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --only-binary=:all: --requirement requirements.txt \
    && /opt/venv/bin/pip uninstall --yes pip setuptools \
    && find /opt/venv -type d -name tests -prune -exec rm -rf {} +
ENV PATH=/opt/venv/bin:$PATH \
    VAR_DIR=/var/lib/heartrisk
COPY . .
# Readable by the image's user, whatever the umask of the clone was. Layers may round times to
# seconds, and by their times the start sees that the static files are collected already.
RUN chmod -R a+rX . \
    && python -m compileall -q . \
    && find /opt/venv ./static -type f -path '*/static/*' -exec touch --date=@0 {} + \
    && install -d -m 700 "$VAR_DIR/spool" \
    && SECRET_KEY=for-this-command-only \
       python manage.py shell -c 'from tools.run.prepare import collect_static; collect_static()'

FROM python:3.11-slim-bookworm
LABEL org.opencontainers.image.title="heartrisk" \
      org.opencontainers.image.description="10-year risk of coronary heart disease, and its log"
RUN groupadd --gid 10001 heartrisk \
    && useradd --uid 10001 --gid 10001 --no-create-home --shell /usr/sbin/nologin heartrisk
COPY --from=build /opt/venv /opt/venv
COPY --from=build /app /app
COPY --from=build --chown=10001:10001 /var/lib/heartrisk /var/lib/heartrisk
WORKDIR /app
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    VAR_DIR=/var/lib/heartrisk \
    API_HOST=0.0.0.0 \
    API_PORT=8000
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s \
    CMD ["python", "-m", "tools.containers.healthy"]
CMD ["python", "-m", "tools.containers.web"]
