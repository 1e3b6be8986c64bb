# One image for API, worker and migrations; REQUIREMENTS chooses what is in it.
#   docker build .                                                     CPU
#   docker build --build-arg REQUIREMENTS=worker-gpu .                 GPU worker
FROM node:24-slim AS dashboard
WORKDIR /dashboard
COPY api/dashboard/package.json api/dashboard/package-lock.json api/dashboard/.npmrc ./
RUN npm ci --silent
COPY api/dashboard/ ./
RUN npm run --silent build

FROM python:3.13-slim AS build
ARG REQUIREMENTS=worker
WORKDIR /lamina
COPY requirements/ requirements/
RUN python -m venv /venv \
    && /venv/bin/pip install --no-cache-dir --require-hashes -r requirements/uv.txt \
    && VIRTUAL_ENV=/venv /venv/bin/uv pip install --no-cache --require-hashes \
       -r requirements/api.txt -r requirements/${REQUIREMENTS}.txt

FROM python:3.13-slim
RUN useradd --create-home --uid 1000 lamina && install -d -o lamina /data
COPY --from=build /venv /venv
WORKDIR /lamina
COPY alembic.ini ./
COPY lamina/ lamina/
COPY core/ core/
COPY models/ models/
COPY migrations/ migrations/
COPY engine/ engine/
COPY api/ api/
COPY --from=dashboard /dashboard/built/ api/dashboard/built/
COPY worker/ worker/
ENV PATH=/venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1 LAMINA_HOME=/data LAMINA_HOST=0.0.0.0
USER lamina
VOLUME /data
EXPOSE 8000
CMD ["python", "-m", "api"]
