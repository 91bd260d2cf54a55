package demo

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
)

// FileName is the file's name within VAR_DIR.
const FileName = "demo.json"

// File is what scripts read to find their way in; it holds secrets and is readable by its owner alone.
type File struct {
	URL         string     `json:"url"`
	WorkspaceID string     `json:"workspaceId"`
	APIKey      string     `json:"apiKey"`
	Members     []Member   `json:"members"`
	Pipelines   []Pipeline `json:"pipelines"`
}

// Member is a person who can log in by a session token.
type Member struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Role    string `json:"role"`
	Token   string `json:"token"`
	SeesAll bool   `json:"seesAll"`
}

// Pipeline is a board to look at.
type Pipeline struct {
	ID     string  `json:"id"`
	Name   string  `json:"name"`
	Stages []Stage `json:"stages"`
}

// Stage is one of its columns.
type Stage struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Kind string `json:"kind"`
}

// former reads the file of an earlier start, as far as it is about this workspace: a file that is missing, damaged or
// about another one holds nothing of use.
func former(varDir, workspaceID string) File {
	var f File
	b, err := os.ReadFile(filepath.Join(varDir, FileName))
	if err != nil || json.Unmarshal(b, &f) != nil || f.WorkspaceID != workspaceID {
		return File{}
	}
	return f
}

// write puts the file in its place at once, so that nobody reads half of one.
func (f File) write(varDir string) (path string, err error) {
	b, err := json.MarshalIndent(f, "", "  ")
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(varDir, 0o700); err != nil {
		return "", err
	}
	// A temporary file is made with mode 0600.
	tmp, err := os.CreateTemp(varDir, FileName+".*")
	if err != nil {
		return "", err
	}
	defer os.Remove(tmp.Name()) // does nothing after the rename
	_, err = tmp.Write(append(b, '\n'))
	if err := errors.Join(err, tmp.Close()); err != nil {
		return "", err
	}
	path = filepath.Join(varDir, FileName)
	return path, os.Rename(tmp.Name(), path)
}
