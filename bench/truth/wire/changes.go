package wire

import (
	"context"

	"github.com/rapidbott/tideboard/bench/truth/board"
)

// Commit is a commit of the change log.
type Commit struct {
	Revision         board.Revision
	At               string // as the API takes it back
	Source           string
	ClientMutationID string
	Actor            struct{ Kind, ID, Name string }
	Changes          []Change
}

// Change is one change of one row; Before and After are the row as stored, nil when there was none.
type Change struct {
	Revision   board.Revision
	Ordinal    int
	Kind       string
	Entity     string
	EntityID   string
	PipelineID string
	Before     map[string]any
	After      map[string]any
	Changed    []string
}

// Log is a stretch of the change log.
type Log struct {
	Commits []Commit
	Head    board.Revision
}

// Changes reads the change log after a revision, page by page, up to the head that the last page names.
func (c *Client) Changes(ctx context.Context, base string, who Credential, after board.Revision) (*Log, error) {
	log := new(Log)
	for {
		var data struct {
			Changes struct {
				Commits     []Commit
				Revision    board.Revision
				HasNextPage bool
				Head        board.Revision
			}
		}
		if err := c.Do(ctx, base, who, ChangesQuery, map[string]any{"after": after.String()}, &data); err != nil {
			return nil, err
		}
		log.Commits = append(log.Commits, data.Changes.Commits...)
		log.Head = data.Changes.Head
		if !data.Changes.HasNextPage {
			return log, nil
		}
		after = data.Changes.Revision
	}
}

// Viewer is who a credential is, and what it may do.
type Viewer struct {
	Kind, Name  string
	Permissions []string
	Member      *struct{ ID string }
	Workspace   struct {
		ID, DefaultCurrency string
		Revision            board.Revision
	}
}

// Viewer asks who a credential is.
func (c *Client) Viewer(ctx context.Context, base string, who Credential) (*Viewer, error) {
	var data struct{ Viewer Viewer }
	err := c.Do(ctx, base, who, ViewerQuery, nil, &data)
	return &data.Viewer, err
}

// PipelineState is a pipeline as its editor sees it.
type PipelineState struct {
	ID, Name string
	Version  int
	Stages   []StageState
}

// StageState is a stage in the form in which it is given back.
type StageState struct {
	ID                 string   `json:"id,omitempty"`
	Name               string   `json:"name"`
	Color              string   `json:"color"`
	Kind               string   `json:"kind"`
	DefaultProbability *int     `json:"defaultProbability,omitempty"`
	StaleAfterHours    *int     `json:"staleAfterHours,omitempty"`
	RequiredFields     []string `json:"requiredFields"`
}

// Pipeline reads a pipeline; nil when there is none.
func (c *Client) Pipeline(ctx context.Context, base string, who Credential, id string) (*PipelineState, error) {
	var data struct{ Pipeline *PipelineState }
	err := c.Do(ctx, base, who, PipelineQuery, map[string]any{"id": id}, &data)
	return data.Pipeline, err
}

// Image reads a text out of an image of a row; empty when null or absent.
func Image(row map[string]any, field string) string {
	s, _ := row[field].(string)
	return s
}
