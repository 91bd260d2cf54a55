// Package web holds the built web application, which the server serves. What vite made of web/src lies in web/dist, which
// is not committed: a server built without it serves the API, and says how to build the rest.
package web

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"strings"
)

// The pattern takes dist.txt too, so that there is something to embed before anything was built.
//
//go:embed all:dist*
var files embed.FS

// Files are what was built: index.html, assets/, and beside each file that shrinks its gzip form. Nil when nothing was.
func Files() fs.FS {
	if _, err := fs.Stat(files, "dist/index.html"); err != nil {
		return nil
	}
	dist, err := fs.Sub(files, "dist")
	if err != nil {
		return nil
	}
	return dist
}

// HowToBuild is what a server without the application tells a visitor.
func HowToBuild() string {
	text, _ := files.ReadFile("dist.txt") // is always embedded
	return strings.TrimSpace(string(text))
}

// Operations are the texts of the GraphQL operations that the built application sends by their hash.
func Operations() ([]string, error) {
	text, err := files.ReadFile("dist/operations.json")
	if err != nil {
		return nil, nil // nothing was built
	}
	var out []string
	if err := json.Unmarshal(text, &out); err != nil {
		return nil, fmt.Errorf("web: operations.json: %w", err)
	}
	return out, nil
}
