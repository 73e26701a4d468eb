// PostGraphile 5 over the tables of the project. RULE=policies: row level security; RULE=functions: the row rule in
// functions that PostgreSQL inlines.
import { createServer } from "node:http";
import { PgSimplifyInflectionPreset } from "@graphile/simplify-inflection";
import pg from "pg";
import { postgraphile } from "postgraphile";
import { makePgService } from "postgraphile/adaptors/pg";
import { context } from "postgraphile/grafast";
import { grafserv } from "postgraphile/grafserv/node";
import { PostGraphileAmberPreset } from "postgraphile/presets/amber";
import { extendSchema, gql } from "postgraphile/utils";
import { callerOf, databaseUrl, port } from "./caller.js";

const policies = process.env.RULE === "policies";
const pool = new pg.Pool({ connectionString: databaseUrl, max: 10 });
const asRole = new URL(databaseUrl);
if (policies) {
  asRole.username = "bench_rls";
  asRole.password = "";
}

const viewer = extendSchema({
  typeDefs: gql`
    type Viewer { name: String! clearance: String! }
    extend type Query { viewer: Viewer }
  `,
  objects: { Query: { plans: { viewer: () => context().get("caller") } } },
});

const array = (keys) => `{${keys.join(",")}}`;
const preset = {
  extends: [PostGraphileAmberPreset, PgSimplifyInflectionPreset],
  plugins: [viewer],
  disablePlugins: ["NodePlugin", "PgIndexBehaviorsPlugin"],
  pgServices: [
    makePgService({
      connectionString: asRole.href,
      superuserConnectionString: databaseUrl,
      schemas: ["public"],
      poolConfig: { max: 10 },
    }),
  ],
  schema: { defaultBehavior: "+connection +list +query:resource:list +query:resource:connection +filterBy +orderBy" },
  grafast: {
    explain: false,
    async context(request) {
      const caller = await callerOf(pool, request.node.req.headers.authorization);
      return {
        caller,
        pgSettings: {
          "bench.handles": array(caller.handles),
          "bench.posts": array(caller.posts),
          "bench.me": caller.personId,
          "bench.cleared": String(caller.level),
          "bench.account": caller.accountId,
          timezone: "UTC",
        },
      };
    },
  },
  grafserv: { graphqlPath: "/graphql", graphiql: false, watch: false, websockets: false },
};

const server = createServer();
const instance = postgraphile(preset);
await instance.createServ(grafserv).addTo(server);
server.listen(port, "127.0.0.1");
if (process.env.PRINT) {
  const { printSchema } = await import("postgraphile/graphql");
  console.log(printSchema(await instance.getSchema()));
}
