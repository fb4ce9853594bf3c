# The whole product in one image: the engine, the UI and the templates in a single static binary.
#
#   docker build --build-arg VERSION=$(git describe --tags --always) -t formwork .
#   docker run -p 8080:8080 -v formwork-data:/data formwork
#
# Checked by docs/deploy_test.go; not yet built by us on a machine with a container engine.

# The UI. Without ui/package.json the stage passes on the placeholder that the Go build embeds.
FROM node:22-alpine AS ui
WORKDIR /src/ui
COPY ui/ ./
RUN mkdir -p dist && if [ -f package.json ]; then npm ci && npm run build; fi

FROM golang:1.26-alpine AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
COPY --from=ui /src/ui/dist ./ui/dist
ARG VERSION=dev
RUN CGO_ENABLED=0 go build -trimpath -ldflags "-s -w -X main.version=${VERSION}" -o /out/formwork ./server

FROM alpine:3.22 AS runtime
RUN addgroup -S -g 10001 formwork \
 && adduser -S -D -H -u 10001 -G formwork formwork \
 && install -d -o formwork -g formwork /data
COPY --from=build /out/formwork /usr/local/bin/formwork
USER formwork
ENV FORMWORK_LISTEN=:8080 \
    FORMWORK_DATA=/data
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=6 CMD ["formwork", "healthcheck"]
ENTRYPOINT ["formwork"]
CMD ["serve"]
