// Package fleet runs what is under test: real server processes on loopback and the database they share. It starts them,
// kills them with SIGKILL, starts them again on the same port, and stops what it started.
package fleet
