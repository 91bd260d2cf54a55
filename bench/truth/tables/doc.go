// Package tables reads with plain SQL what the database really holds, past the server: the live rows of one workspace and
// the numbers of its change log.
package tables
