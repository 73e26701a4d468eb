// A subscriber as the npm package graphql-ws makes him: he keeps his last cursor, and comes back with it whenever the
// socket ends. Each update is a line of JSON. FOLLOW is the operation, PORTS are those of the servers.
import { createClient } from "graphql-ws";
import WebSocket from "ws";

const ports = process.env.PORTS.split(",");
const request = { query: process.env.FOLLOW, variables: { after: null } };
const client = createClient({
  url: () => `ws://127.0.0.1:${ports[Math.floor(Math.random() * ports.length)]}/graphql`,
  webSocketImpl: WebSocket,
  connectionParams: { authorization: `Bearer ${process.env.TOKEN}` },
  retryAttempts: Infinity,
  retryWait: () => new Promise((resolve) => setTimeout(resolve, 50)),
  shouldRetry: () => true,
});

const end = (outcome) => {
  console.error(outcome);
  process.exit(1);
};
client.subscribe(request, {
  next: ({ data }) => {
    request.variables.after = data.caseUpdates.cursor; // what is sent when he comes back
    console.log(JSON.stringify(data.caseUpdates.node.id));
  },
  error: end,
  complete: () => end("completed"),
});
