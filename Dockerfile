FROM node:24-slim AS build
WORKDIR /app
COPY . .
RUN npm ci
RUN npm run build -- --no-types
# What the server needs to run, from the same lock file; the builds lie outside node_modules and stay.
RUN npm ci --omit=dev --ignore-scripts --workspace=packages/server

FROM node:24-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=4000 DATA_DIR=/data
WORKDIR /app
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/packages/protocol packages/protocol
# With its own node_modules, where npm puts what does not fit beside the others.
COPY --from=build /app/packages/server packages/server
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 4000
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/api/health`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "packages/server/dist/main.js", "serve"]
