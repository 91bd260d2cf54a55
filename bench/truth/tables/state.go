package tables

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/rapidbott/tideboard/bench/truth/board"
)

// Record is a live row of records. Value is in minor units; texts that are null are empty.
type Record struct {
	ID, PipelineID, StageID, Rank, Title, Description string
	Number                                            int
	Value                                             *int64
	Currency                                          string
	Probability                                       int
	Status, Priority, Source                          string
	OwnerID, ContactID                                string
	ContactName, ContactEmail, CompanyName            string
	ExternalID                                        string
	Tags                                              []string
	Version                                           int
}

// Stage is a live row of stages.
type Stage struct{ ID, PipelineID, Name, Kind string }

// State is what a workspace's tables hold at one moment.
type State struct {
	Head      board.Revision
	Currency  string            // the workspace's default
	Pipelines map[string]string // names by id
	Order     []string          // ids of pipelines, as they stand in lists
	Stages    map[string][]Stage
	Columns   map[string][]*Record // by stage, in board order
	Records   map[string]*Record
	Members   map[string]string // names by id
	Sees      map[string]bool   // by member: its own setting of can_see_all_records, absent when there is none
	Contacts  map[string]string // names by id
}

// Reader reads one workspace.
type Reader struct {
	DB          *sql.DB
	WorkspaceID string
}

// Read reads the whole state in one transaction.
func (r *Reader) Read(ctx context.Context) (*State, error) {
	tx, err := r.DB.BeginTx(ctx, &sql.TxOptions{ReadOnly: true, Isolation: sql.LevelRepeatableRead})
	if err != nil {
		// SQLite knows one level only, and it is the right one.
		if tx, err = r.DB.BeginTx(ctx, nil); err != nil {
			return nil, fmt.Errorf("read the tables: %w", err)
		}
	}
	defer func() { _ = tx.Rollback() }()
	s := &State{
		Pipelines: map[string]string{}, Stages: map[string][]Stage{}, Columns: map[string][]*Record{},
		Records: map[string]*Record{}, Members: map[string]string{}, Sees: map[string]bool{}, Contacts: map[string]string{},
	}
	for _, read := range []func(context.Context, *sql.Tx, *State) error{r.workspace, r.pipelines, r.people, r.rights, r.records} {
		if err := read(ctx, tx, s); err != nil {
			return nil, fmt.Errorf("read the tables: %w", err)
		}
	}
	return s, nil
}

func (r *Reader) workspace(ctx context.Context, tx *sql.Tx, s *State) error {
	return tx.QueryRowContext(ctx, `SELECT revision, default_currency FROM workspaces WHERE id = $1`, r.WorkspaceID).Scan(&s.Head, &s.Currency)
}

func (r *Reader) pipelines(ctx context.Context, tx *sql.Tx, s *State) error {
	if err := names(ctx, tx, s.Pipelines, `SELECT id, name, '' FROM pipelines WHERE workspace_id = $1 AND deleted_at IS NULL`, r.WorkspaceID); err != nil {
		return err
	}
	if err := r.order(ctx, tx, s); err != nil {
		return err
	}
	rows, err := tx.QueryContext(ctx, `SELECT id, pipeline_id, name, kind FROM stages WHERE workspace_id = $1 AND deleted_at IS NULL ORDER BY position, id`, r.WorkspaceID)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var st Stage
		if err := rows.Scan(&st.ID, &st.PipelineID, &st.Name, &st.Kind); err != nil {
			return err
		}
		s.Stages[st.PipelineID] = append(s.Stages[st.PipelineID], st)
	}
	return rows.Err()
}

func (r *Reader) people(ctx context.Context, tx *sql.Tx, s *State) error {
	if err := names(ctx, tx, s.Members, `SELECT id, first_name, last_name FROM members WHERE workspace_id = $1`, r.WorkspaceID); err != nil {
		return err
	}
	return names(ctx, tx, s.Contacts, `SELECT id, first_name, last_name FROM contacts WHERE workspace_id = $1 AND deleted_at IS NULL`, r.WorkspaceID)
}

// names reads rows of an id and two parts of a name.
func names(ctx context.Context, tx *sql.Tx, into map[string]string, query, workspaceID string) error {
	rows, err := tx.QueryContext(ctx, query, workspaceID)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id, first, last string
		if err := rows.Scan(&id, &first, &last); err != nil {
			return err
		}
		into[id] = strings.TrimSpace(first + " " + last)
	}
	return rows.Err()
}

func (r *Reader) records(ctx context.Context, tx *sql.Tx, s *State) error {
	rows, err := tx.QueryContext(ctx, `SELECT id, pipeline_id, stage_id, rank, title, coalesce(description, ''), number, value, currency,
		probability, status, priority, source, coalesce(owner_id, ''), coalesce(contact_id, ''), coalesce(contact_name, ''),
		coalesce(contact_email, ''), coalesce(company_name, ''), coalesce(external_id, ''), tags, version
		FROM records WHERE workspace_id = $1 AND deleted_at IS NULL`, r.WorkspaceID)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		rec := new(Record)
		var tags []byte
		if err := rows.Scan(&rec.ID, &rec.PipelineID, &rec.StageID, &rec.Rank, &rec.Title, &rec.Description, &rec.Number,
			&rec.Value, &rec.Currency, &rec.Probability, &rec.Status, &rec.Priority, &rec.Source, &rec.OwnerID, &rec.ContactID,
			&rec.ContactName, &rec.ContactEmail, &rec.CompanyName, &rec.ExternalID, &tags, &rec.Version); err != nil {
			return err
		}
		if len(tags) > 0 {
			if err := json.Unmarshal(tags, &rec.Tags); err != nil {
				return fmt.Errorf("tags of %s: %w", rec.ID, err)
			}
		}
		s.Records[rec.ID] = rec
		s.Columns[rec.StageID] = append(s.Columns[rec.StageID], rec)
	}
	for _, column := range s.Columns {
		slices.SortFunc(column, func(a, b *Record) int { return cmp.Compare(a.Rank, b.Rank) })
	}
	return rows.Err()
}
