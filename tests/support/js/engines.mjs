// Runs what the product exports in other people's engines. `engines.mjs elm|feel` reads {"logic": ..., "inputs": [...]} and writes a list: for
// each input an object, expression name -> result. `engines.mjs fhir` reads {"logic": resource} and writes what a validator says of it.
import { readFileSync, writeSync } from "node:fs";
import cql from "cql-execution";
import { evaluate } from "feelin";
import fhirjs from "fhir";

async function elm(library, inputs) {
  const logic = new cql.Library(library);
  const names = library.library.statements.def.map((def) => def.name);
  const results = [];
  for (const input of inputs) {
    const found = await new cql.Executor(logic, new cql.CodeService({}), input).exec(new cql.PatientSource([]));
    results.push(Object.fromEntries(names.map((name) => [name, found.unfilteredResults[name]])));
  }
  return results;
}

// Each text is parsed once, as the body of a FEEL function of the facts it reads; the first input is also evaluated plainly, and must agree.
function feel(expressions, inputs) {
  const results = inputs.map(() => ({}));
  for (const [name, { text, reads }] of Object.entries(expressions)) {
    const { value: body, warnings } = evaluate(`function(${reads.join(", ")}) ${text}`);
    inputs.forEach((input, place) => { results[place][name] = body.invoke(reads.map((fact) => input[fact] ?? null)); });
    const plain = evaluate(text, Object.fromEntries(reads.map((fact) => [fact, inputs[0][fact] ?? null])));
    if (plain.value !== results[0][name]) throw new Error(`${name}: ${plain.value} by itself, ${results[0][name]} as a function`);
    const said = [...warnings, ...plain.warnings].map((warning) => warning.message);
    if (said.length) throw new Error(`${name}: ${said.join("; ")}`);
  }
  return results;
}

function fhir(resource) {
  return new fhirjs.Fhir().validate(resource, { errorOnUnexpected: true }).messages;
}

const { logic, inputs } = JSON.parse(readFileSync(0, "utf8"));
const results = JSON.stringify(await { elm, feel, fhir }[process.argv[2]](logic, inputs));
for (let rest = Buffer.from(results); rest.length; rest = rest.subarray(writeSync(1, rest)));
