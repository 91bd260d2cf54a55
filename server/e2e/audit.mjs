// Runs the audits of graphql-http against URL as TOKEN, and prints each as one line of JSON.
import { auditServer } from 'graphql-http';

const { URL: url, TOKEN: token } = process.env;

for (const audit of await auditServer({
  url: `${url}/graphql`,
  fetchFn: (address, init = {}) =>
    fetch(address, { ...init, headers: { ...init.headers, Authorization: `Bearer ${token}` } }),
})) {
  const { id, name, status, reason = '' } = audit;
  console.log(JSON.stringify({ id, name, status, reason }));
}
