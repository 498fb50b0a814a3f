// Calls one method of the published client node-zendesk and prints what came of it as JSON:
// node run.cjs METHOD [ARGUMENT as JSON]...; where and as whom is in the environment.
const path = require("node:path");
const { createClient } = require(path.join(process.env.CLIENT_FOLDER, "node_modules", "node-zendesk"));

const client = createClient({
  endpointUri: process.env.ENDPOINT,
  username: process.env.EMAIL,
  token: process.env.TOKEN,
  throwOriginalException: true,
});
const [method, ...args] = process.argv.slice(2);

client.jobstatuses[method](...args.map((each) => JSON.parse(each)))
  .then((value) => console.log(JSON.stringify(value)))
  .catch((error) => console.log(JSON.stringify({ failed: String(error.message), statusCode: error.statusCode })));
