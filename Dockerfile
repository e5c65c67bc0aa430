# The product's one image: web, worker, clock and the one-shot commands differ only in their command line.
ARG BASE=python:3.11-slim-bookworm

FROM ${BASE} AS packages
WORKDIR /build
COPY requirements.lock .
# The product's part of the lock only: no test tool reaches the image. Every file is held by its hash.
RUN python3 -m venv /opt/venv \
    && sed '/^# Development and tests/,$d' requirements.lock > product.lock \
    && /opt/venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes --no-deps -r product.lock

FROM ${BASE}
# Debian's security updates must flow in at every build, so these few libraries are not pinned.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        fonts-dejavu-core libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/* \
    && groupadd --gid 10001 cseccase \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin cseccase
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    CSECCASE_NO_BOOTSTRAP=1 \
    CSECCASE_DATA=/tmp/cseccase \
    STATIC_ROOT=/srv/static \
    DJANGO_SETTINGS_MODULE=cseccase.settings.production
COPY --from=packages /opt/venv /opt/venv
WORKDIR /srv/cseccase
COPY . .
# The values named here serve this one step: collecting files reads no secret and reaches no server.
RUN python3 -m compileall -q . \
    && SECRET_KEY=collecting-files-only ALLOWED_HOSTS=localhost SITE_ADDRESS=https://localhost \
       python3 manage.py collectstatic --noinput --verbosity 0
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=6s --start-period=30s --retries=3 CMD ["python3", "manage.py", "healthy", "web"]
ENTRYPOINT ["python3", "manage.py"]
CMD ["serve", "web"]
