// Mercurius with graphql-jit. MODE=loaders: a loader for each relation; MODE=statement: each operation is one
// hand-written statement, and only the executor is left to do.
import Fastify from "fastify";
import mercurius from "mercurius";
import pg from "pg";
import { ask, callerOf, databaseUrl, globalId, keyOf, levelName, port, statement } from "./caller.js";

const whole = process.env.MODE === "statement";
const pool = new pg.Pool({ connectionString: databaseUrl, max: 10, min: 10, options: "-c timezone=UTC -c jit=off" });

const schema = `
scalar Date
scalar DateTime
enum CaseStatus {
  DRAFT REGISTERED CONSULTING PENDING_DECISION APPROVED DISPATCHED CLOSING CLOSED ARCHIVED SUSPENDED CANCELLED MERGED DECLINED
}
enum CaseOrder { DUE_ON_ASC }
type Person { name: String! }
type Unit { name: String! kind: String! }
type ReportSlot { slot: String! content: String! state: String! dueOn: Date! light: String! }
type ReportSection { kind: String! text: String }
type Report {
  id: ID! content: String! status: String! version: Int! submittedAt: DateTime
  draftedBy: Person sections: [ReportSection!]! assignment: Assignment
}
type ReportEdge { node: Report! }
type ReportConnection { edges: [ReportEdge!]! }
type Assignment {
  id: ID! role: String! status: String! dueOn: Date completionDueOn: Date light: String!
  unit: Unit slots: [ReportSlot!]! reports(first: Int): ReportConnection!
}
type Case {
  id: ID! number: String title: String requirement: String status: CaseStatus! matterType: String!
  classification: String! handling: String tier: String light: String! dueOn: Date registeredOn: Date
  dispatchedAt: DateTime createdAt: DateTime! updatedAt: DateTime! version: Int!
  leader: Person registeredBy: Person assignments: [Assignment!]!
}
type CaseEdge { node: Case! }
type PageInfo { hasNextPage: Boolean! endCursor: String }
type CappedCount { value: Int! exact: Boolean! }
type CaseConnection { edges: [CaseEdge!]! pageInfo: PageInfo! totalCount: CappedCount! }
type Viewer { name: String! clearance: String! }
type SubmitReportPayload { report: Report }
type Refusal { code: String! }
union SubmitReportResult = SubmitReportPayload | Refusal
input CaseFilter { statuses: [CaseStatus!] }
input SubmitReportInput { report: ID! expectedVersion: Int! }
type Query {
  viewer: Viewer!
  case(id: ID!): Case
  cases(first: Int, filter: CaseFilter, orderBy: [CaseOrder!]): CaseConnection!
}
type Mutation { submitReport(input: SubmitReportInput!): SubmitReportResult! }
`;

const who = (caller) => [caller.handles, caller.posts, caller.personId, caller.level];
const viewer = (_, args, { caller }) => caller;

// ── one statement for each operation ──

const [ledgerText, detailText, submitText] = ["kit_ledger", "kit_detail", "kit_submit"].map(statement);
const document = async (name, text, values) => JSON.parse(Object.values((await ask(pool, name, text, values))[0])[0]).data;

async function submitReport(_, { input }, { caller }) {
  const values = [...who(caller), caller.accountId, keyOf(input.report), input.expectedVersion];
  return (await document("submit", submitText, values)).submitReport;
}

const statements = {
  Query: {
    viewer,
    case: async (_, { id }, { caller }) => (await document("detail", detailText, [...who(caller), keyOf(id)])).case,
    cases: async (_, { first, filter }, { caller }) =>
      (await document("ledger", ledgerText, [...who(caller), filter.statuses, first])).cases,
  },
  Mutation: { submitReport },
};

// ── a loader for each relation ──

const visible = `
  c.id IN (SELECT p.case_id FROM case_participant p WHERE p.unit_id = ANY ($1) AND (p.principal OR p.supporting))
  AND c.dispatched_at <= now() AND c.classification <= $4
  AND (NOT c.restricted OR c.registered_by = $3 OR EXISTS (
        SELECT FROM case_participant p WHERE p.case_id = c.id AND p.restricted
          AND (p.person_id = $3 AND (p.in_scope OR p.leader OR p.proposer) OR p.unit_id = ANY ($2) AND p.in_scope)))
  AND NOT EXISTS (SELECT FROM case_participant p WHERE p.case_id = c.id AND p.person_id = $3 AND p.recused)`;
const pageText = `SELECT c.* FROM supervision_case c WHERE ${visible} AND c.status = ANY ($5)
  ORDER BY c.due_at, c.id LIMIT $6`;
const countText = `SELECT count(*)::int AS n FROM
  (SELECT FROM supervision_case c WHERE ${visible} AND c.status = ANY ($5) LIMIT 10001) counted`;
const caseText = `SELECT c.* FROM supervision_case c WHERE ${visible} AND c.id = $5`;

const lit = (yellow, red) => {
  const now = Date.now();
  if (yellow === null) return "NONE";
  return now >= red ? "RED" : now >= yellow ? "YELLOW" : "GREEN";
};
const light = (open, row) => (!open ? "NONE" : row.red_from === null ? "GREEN" : lit(row.yellow_from, row.red_from));

const resolvers = {
  Query: {
    viewer,
    case: async (_, { id }, { caller }) => (await ask(pool, "case", caseText, [...who(caller), keyOf(id)]))[0],
    async cases(_, { first, filter }, { caller }) {
      const values = [...who(caller), filter.statuses];
      const [rows, [{ n }]] = await Promise.all([
        ask(pool, "page", pageText, [...values, first + 1]),
        ask(pool, "count", countText, values),
      ]);
      const page = rows.slice(0, first);
      const last = page.at(-1);
      return {
        edges: page.map((node) => ({ node })),
        pageInfo: { hasNextPage: rows.length > first, endCursor: last ? `${last.due_at?.getTime()}_${last.id}` : null },
        totalCount: { value: Math.min(n, 10000), exact: n <= 10000 },
      };
    },
  },
  Mutation: { submitReport },
  Case: {
    id: (row) => globalId("case", row.id),
    number: (row) => row.register_number,
    matterType: (row) => row.matter_type,
    classification: (row) => levelName(row.classification),
    light: (row) => light(row.status === "DISPATCHED", row),
    dueOn: (row) => row.due_on,
    registeredOn: (row) => row.registered_on,
    dispatchedAt: (row) => row.dispatched_at,
    createdAt: (row) => row.created_at,
    updatedAt: (row) => row.updated_at,
  },
  Assignment: {
    id: (row) => (row.light === undefined ? globalId("assignment", row.id) : row.id),
    light: (row) => row.light ?? light(row.status === "ISSUED" || row.status === "ACKNOWLEDGED", row),
    dueOn: (row) => row.dueOn ?? row.due_on,
    completionDueOn: (row) => row.completion_due_on,
  },
  ReportSlot: {
    dueOn: (row) => row.due_on,
    light: (row) => (row.state === "OPEN" ? lit(row.yellow_from, row.red_from) : "NONE"),
  },
  Report: { submittedAt: (row) => row.submittedAt ?? row.submitted_at },
};

const loader = (load) => ({ loader: load, opts: { cache: false } });
const one = (name, table, columns, key) =>
  loader(async (asked) => {
    const keys = [...new Set(asked.map(({ obj }) => obj[key]))];
    const rows = await ask(pool, name, `SELECT id, ${columns} FROM ${table} WHERE id = ANY ($1)`, [keys]);
    const found = new Map(rows.map((row) => [row.id, row]));
    return asked.map(({ obj }) => found.get(obj[key]) ?? null);
  });
const text = (key) => {
  const words = one("text", "content", "text", key);
  return loader(async (asked) => (await words.loader(asked)).map((row) => row?.text ?? null));
};
const many = (name, query, by, ruled, shaped = (rows) => rows) =>
  loader(async (asked, { caller }) => {
    const keys = asked.map(({ obj }) => obj.id);
    const found = new Map(keys.map((key) => [key, []]));
    for (const row of await ask(pool, name, query, ruled ? [keys, caller.handles] : [keys])) found.get(row[by]).push(row);
    return asked.map(({ obj, params }) => shaped(found.get(obj.id), params));
  });
const mine = (flag) =>
  `EXISTS (SELECT FROM case_participant p WHERE p.case_id = a.case_id AND p.${flag} AND p.unit_id = ANY ($2))`;

const loaders = {
  Case: {
    title: text("title_id"),
    requirement: text("requirement_id"),
    leader: one("person", "person", "name", "leader_id"),
    registeredBy: one("person", "person", "name", "registered_by"),
    assignments: many(
      "assignments",
      `SELECT a.* FROM assignment a JOIN supervision_case c ON c.id = a.case_id
       WHERE a.case_id = ANY ($1) AND (a.unit_id = ANY ($2) OR c.handling = 'JOINT' AND ${mine("principal")}
         OR a.role = 'LEAD' AND ${mine("supporting")})
       ORDER BY a.issued_at, a.id`,
      "case_id",
      true,
    ),
  },
  Assignment: {
    unit: one("unit", "unit", "name, kind", "unit_id"),
    slots: many("slots", "SELECT * FROM report_slot WHERE assignment_id = ANY ($1) ORDER BY ordinal, id", "assignment_id"),
    reports: many(
      "reports",
      `SELECT a.* FROM report a WHERE a.assignment_id = ANY ($1)
         AND (a.unit_id = ANY ($2) OR a.contribution AND a.submitted_at IS NOT NULL AND ${mine("principal")})
       ORDER BY a.created_at DESC, a.id DESC`,
      "assignment_id",
      true,
      (rows, { first }) => ({ edges: rows.slice(0, first).map((node) => ({ node })) }),
    ),
  },
  Report: {
    draftedBy: one("person", "person", "name", "drafted_by"),
    sections: many("sections", "SELECT * FROM report_section WHERE report_id = ANY ($1) ORDER BY kind, id", "report_id"),
  },
  ReportSection: { text: text("text_id") },
};

const app = Fastify({ logger: false });
app.register(mercurius, {
  schema,
  resolvers: whole ? statements : resolvers,
  loaders: whole ? {} : loaders,
  jit: 1,
  graphiql: false,
  context: async (request) => ({ caller: await callerOf(pool, request.headers.authorization) }),
});
await app.listen({ port, host: "127.0.0.1" });
