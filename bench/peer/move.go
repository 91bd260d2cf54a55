package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// What a move costs in SQL, in the order of the server's own: lock the target stage, lock the card and take its image
// for the log, find the neighbour, write, number the commit, log it. The images are built by the database.
const (
	lockStage = `SELECT coalesce(default_probability, 0) FROM stages WHERE workspace_id = $1 AND id = $2 AND deleted_at IS NULL FOR NO KEY UPDATE`

	lockRecord = `SELECT stage_id, rank, ` + image + ` FROM records r WHERE workspace_id = $1 AND id = $2 AND deleted_at IS NULL FOR NO KEY UPDATE`

	neighbour = `SELECT rank FROM records WHERE workspace_id = $1 AND stage_id = $2 AND id <> $3 AND deleted_at IS NULL ORDER BY rank `

	update = `UPDATE records r SET stage_id = $3::varchar, rank = $4, version = version + 1, updated_at = $5::timestamptz, last_activity_at = $5::timestamptz,
		stage_entered_at = CASE WHEN stage_id = $3::varchar THEN stage_entered_at ELSE $5::timestamptz END,
		probability = CASE WHEN stage_id = $3::varchar THEN probability ELSE $6::bigint END
		WHERE workspace_id = $1 AND id = $2 RETURNING pipeline_id, updated_by, ` + image

	number = `UPDATE workspaces SET revision = revision + 1, revised_at = greatest(revised_at, $2) WHERE id = $1 RETURNING revision, revised_at`

	insert = `INSERT INTO changes (workspace_id, revision, ordinal, at, actor, source, kind, entity, entity_id, pipeline_id, before, after, changed)
		VALUES ($1, $2, 0, $3, $4, 'UI', 'record.stage.changed', 'record', $5, $6, $7, $8,
		'["stage_id","rank","probability","stage_entered_at","version","updated_at","last_activity_at"]')`

	image = `(to_jsonb(r) - 'search_text' - 'tag_keys')::text`
)

// mover moves cards.
type mover struct {
	db                                               *sql.DB
	workspace                                        string
	stage, record, top, bottom, save, number, insert *sql.Stmt
}

type move struct{ RecordID, ToStageID, ToEnd string }

func handleMoves(ctx context.Context, mux *http.ServeMux, db *sql.DB, workspace string) error {
	m := &mover{db: db, workspace: workspace}
	for text, into := range map[string]**sql.Stmt{lockStage: &m.stage, lockRecord: &m.record, neighbour + "LIMIT 1": &m.top,
		neighbour + "DESC LIMIT 1": &m.bottom, update: &m.save, number: &m.number, insert: &m.insert} {
		var err error
		if *into, err = db.PrepareContext(ctx, text); err != nil {
			return fmt.Errorf("prepare %s: %w", text, err)
		}
	}
	mux.HandleFunc("POST /move", func(w http.ResponseWriter, r *http.Request) {
		var ask move
		if !readBody(w, r, &ask) {
			return
		}
		revision, err := m.move(r.Context(), ask)
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		writeJSON(w, []byte(`{"data":{"revision":"`+strconv.FormatInt(revision, 10)+`"}}`))
	})
	return nil
}

// move puts a card at an end of a stage. A card that lies there already stays, and nothing is committed.
func (m *mover) move(ctx context.Context, in move) (revision int64, err error) {
	tx, err := m.db.BeginTx(ctx, nil)
	if err != nil {
		return 0, err
	}
	defer tx.Rollback() // does nothing after the commit
	one := func(stmt *sql.Stmt, args ...any) *sql.Row {
		return tx.StmtContext(ctx, stmt).QueryRowContext(ctx, args...)
	}
	now := time.Now().UTC().Truncate(time.Microsecond)

	var probability int
	if err := one(m.stage, m.workspace, in.ToStageID).Scan(&probability); err != nil {
		return 0, err
	}
	var stage, rank, before, next string
	if err := one(m.record, m.workspace, in.RecordID).Scan(&stage, &rank, &before); err != nil {
		return 0, err
	}
	top := in.ToEnd == "TOP"
	end := m.bottom
	if top {
		end = m.top
	}
	if err := one(end, m.workspace, in.ToStageID, in.RecordID).Scan(&next); err != nil && !errors.Is(err, sql.ErrNoRows) {
		return 0, err
	}
	if stage == in.ToStageID && (next == "" || (rank < next) == top) {
		return 0, nil
	}
	var pipeline, actor, after string
	if err := one(m.save, m.workspace, in.RecordID, in.ToStageID, place(top), now, probability).Scan(&pipeline, &actor, &after); err != nil {
		return 0, err
	}
	var at time.Time
	if err := one(m.number, m.workspace, now).Scan(&revision, &at); err != nil {
		return 0, err
	}
	if _, err := tx.StmtContext(ctx, m.insert).ExecContext(ctx, m.workspace, revision, at, actor, in.RecordID, pipeline, before, after); err != nil {
		return 0, err
	}
	return revision, tx.Commit()
}

// place gives a rank above or below all others: the server's ranks begin with a letter that tells how many digits of
// base 36 follow, from n upwards and from m downwards. Twelve digits of the clock lie beyond all that it gave out, and
// whoever holds the stage reads a later clock than those before.
func place(top bool) string {
	const limit = 4738381338321616896 // 36 to the power of 12
	tick := time.Now().UnixNano()
	if top {
		return "b" + digits(limit-tick)
	}
	return "y" + digits(tick)
}

func digits(n int64) string {
	s := strconv.FormatInt(n, 36)
	return strings.Repeat("0", 12-len(s)) + s
}
