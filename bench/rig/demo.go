package rig

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
)

// Demo is what the server tells of the demo workspace it made.
type Demo struct {
	WorkspaceID string
	Members     []struct{ ID, Name, Role, Token string }
}

// ReadDemo reads the server's demo.json.
func ReadDemo(path string) (*Demo, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("the server wrote no demo file: %w", err)
	}
	d := new(Demo)
	if err := json.Unmarshal(text, d); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if d.WorkspaceID == "" {
		return nil, fmt.Errorf("%s names no workspace", path)
	}
	_, err = d.Owner()
	return d, err
}

// Owner gives the session token of the workspace's owner.
func (d *Demo) Owner() (token string, err error) {
	for _, m := range d.Members {
		if m.Role == "OWNER" {
			return m.Token, nil
		}
	}
	return "", errors.New("the demo workspace has no owner")
}

// MemberIDs are the ids of the members.
func (d *Demo) MemberIDs() (ids []string) {
	for _, m := range d.Members {
		ids = append(ids, m.ID)
	}
	return ids
}
