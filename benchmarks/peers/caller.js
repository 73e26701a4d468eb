// What every server that is compared does before it answers: verify the token, read the caller in one statement.
import { createPrivateKey, createPublicKey, verify } from "node:crypto";
import { readFileSync } from "node:fs";
import pg from "pg";

const floors = new URL("../reads/floors/", import.meta.url);
export const statement = (name) => readFileSync(new URL(`${name}.sql`, floors), "utf8");

pg.types.setTypeParser(1082, (day) => day); // a date is a day, not an instant of some time zone

export const databaseUrl = process.env.BENCH_DATABASE_URL;
export const port = Number(process.env.PORT);
const publicKey = createPublicKey(createPrivateKey(readFileSync(process.env.BENCH_TOKEN_KEY)));
const principal = statement("principal");
const levels = ["PUBLIC", "INTERNAL", "WORK_SECRET"];
const verified = new Map(); // a verified token is remembered, so that its signature costs once

function claimsOf(authorization) {
  let claims = verified.get(authorization);
  if (claims === undefined) {
    const [head, payload, signature] = authorization.slice("Bearer ".length).split(".");
    const key = { key: publicKey, dsaEncoding: "ieee-p1363" };
    if (!verify("sha256", Buffer.from(`${head}.${payload}`), key, Buffer.from(signature, "base64url"))) {
      throw new Error("the token is not valid");
    }
    claims = JSON.parse(Buffer.from(payload, "base64url"));
    if (claims.iss !== "duban" || claims.aud !== "duban-api") throw new Error("the token is for others");
    verified.set(authorization, claims);
  }
  if (claims.exp * 1000 < Date.now()) throw new Error("the token has expired");
  return claims;
}

export const ask = (queryable, name, text, values) =>
  queryable.query({ name, text, values }).then((result) => result.rows);

export async function callerOf(pool, authorization) {
  const claims = claimsOf(authorization);
  const [row] = await ask(pool, "principal", principal, [claims.sid, claims.sub]);
  if (!row || row.handles.length === 0) throw new Error("nobody may ask so");
  return {
    accountId: claims.sub,
    personId: row.person_id,
    name: row.name,
    level: row.clearance,
    clearance: levels[row.clearance],
    posts: row.posts,
    handles: row.handles,
  };
}

export const levelName = (level) => levels[level];
export const globalId = (tag, key) => `${tag}_${Buffer.from(key.replaceAll("-", ""), "hex").toString("base64url")}`;

export function keyOf(id) {
  const hex = Buffer.from(id.slice(id.indexOf("_") + 1), "base64url").toString("hex");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
