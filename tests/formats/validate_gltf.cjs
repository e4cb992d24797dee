// Khronos' validator on the files named: prints a JSON list of their reports' issues.
const fs = require("fs");
const validator = require("gltf-validator");

Promise.all(process.argv.slice(2).map((path) => validator.validateBytes(new Uint8Array(fs.readFileSync(path)))))
  .then((reports) => console.log(JSON.stringify(reports.map((report) => report.issues))));
