// Package e2e holds tests of the whole program by clients that are not ours: the graphql-http audits, the graphql-ws
// client, curl and a shell. The server is the binary that the README tells people to build, running as a process.
//
// They need node and the packages of package-lock.json (`npm ci` in this directory, which `make test` runs), and fail
// without them. The README's tour is not described here a second time: its commands are read from there and executed.
package e2e
