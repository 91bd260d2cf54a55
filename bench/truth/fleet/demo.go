package fleet

import (
	"encoding/json"
	"fmt"
	"os"

	"github.com/rapidbott/tideboard/bench/truth/wire"
)

// Demo is what the server tells of the demo workspace it made.
type Demo struct {
	WorkspaceID string
	APIKey      string
	Members     []struct {
		ID, Name, Role, Token string
		SeesAll               bool
	}
	Pipelines []struct {
		ID, Name string
		Stages   []struct{ ID, Name, Kind string }
	}
}

func readDemo(path string) (*Demo, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("the server wrote no demo file: %w", err)
	}
	d := new(Demo)
	if err := json.Unmarshal(text, d); err != nil {
		return nil, fmt.Errorf("demo file: %w", err)
	}
	if d.WorkspaceID == "" || len(d.Pipelines) == 0 || len(d.Members) == 0 {
		return nil, fmt.Errorf("demo file: workspace, pipelines or members are missing")
	}
	return d, nil
}

// Owner is the workspace's owner.
func (d *Demo) Owner() (wire.Credential, error) {
	for _, m := range d.Members {
		if m.Role == "OWNER" {
			return wire.Session(m.Name, m.ID, m.Token, true), nil
		}
	}
	return wire.Credential{}, fmt.Errorf("the demo workspace has no owner")
}

// Sighted are the other members who see all records.
func (d *Demo) Sighted() (out []wire.Credential) {
	for _, m := range d.Members {
		if m.SeesAll && m.Role != "OWNER" {
			out = append(out, wire.Session(m.Name, m.ID, m.Token, true))
		}
	}
	return out
}

// Restricted are the members who see only what they own.
func (d *Demo) Restricted() (out []wire.Credential) {
	for _, m := range d.Members {
		if !m.SeesAll {
			out = append(out, wire.Session(m.Name, m.ID, m.Token, false))
		}
	}
	return out
}
