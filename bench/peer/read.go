package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
)

// cardJSON builds a card of the rows r, c and m.
const cardJSON = `json_build_object('id', r.id, 'number', r.number, 'title', r.title,
	'value', CASE WHEN r.value IS NOT NULL THEN json_build_object('amount', (r.value::numeric / 100)::numeric(20, 2)::text, 'currency', r.currency) END,
	'probability', r.probability, 'priority', r.priority, 'tags', coalesce(r.tags, '[]'), 'expectedCloseDate', r.expected_close_date,
	'stageEnteredAt', r.stage_entered_at, 'lastActivityAt', r.last_activity_at, 'source', r.source, 'channel', r.channel,
	'version', r.version, 'rank', r.rank,
	'contact', CASE WHEN c.id IS NOT NULL THEN json_build_object('id', c.id, 'fullName', trim(c.first_name || ' ' || c.last_name)) END,
	'owner', CASE WHEN m.id IS NOT NULL THEN json_build_object('id', m.id, 'name', trim(m.first_name || ' ' || m.last_name), 'avatarUrl', m.avatar_url) END)`

const linksSQL = `LEFT JOIN contacts c ON c.workspace_id = r.workspace_id AND c.id = r.contact_id AND c.deleted_at IS NULL
	LEFT JOIN members m ON m.workspace_id = r.workspace_id AND m.id = r.owner_id`

// boardSQL builds the answer to the board's query. $1 is the workspace, $2 the pipeline, $3 the id of a record that is
// left out.
const boardSQL = `SELECT json_build_object('data', json_build_object('board', json_build_object(
	'revision', w.revision::text, 'pipeline', json_build_object('id', p.id, 'name', p.name),
	'columns', (SELECT json_agg(json_build_object(
		'stage', json_build_object('id', s.id, 'name', s.name, 'color', s.color, 'kind', s.kind, 'position', s.position),
		'totals', json_build_object('stageId', s.id, 'count', coalesce(t.count, 0), 'amounts', coalesce(t.amounts, '[]')),
		'cards', json_build_object('nodes', coalesce(n.nodes, '[]'))) ORDER BY s.position, s.id)
	FROM stages s
	LEFT JOIN LATERAL (SELECT sum(count) AS count, json_agg(json_build_object('currency', currency, 'count', count,
			'amount', (amount / 100)::numeric(20, 2)::text, 'weighted', (weighted / 10000)::numeric(20, 2)::text)
			ORDER BY currency <> w.default_currency, currency) AS amounts
		FROM (SELECT r.currency, count(*) AS count, coalesce(sum(r.value), 0) AS amount, coalesce(sum(r.value * r.probability), 0)::numeric AS weighted
			FROM records r WHERE r.workspace_id = w.id AND r.stage_id = s.id AND r.deleted_at IS NULL AND r.id <> $3 GROUP BY r.currency) sums) t ON true
	LEFT JOIN LATERAL (SELECT json_agg(card) AS nodes FROM (SELECT ` + cardJSON + ` AS card FROM records r ` + linksSQL + `
		WHERE r.workspace_id = w.id AND r.stage_id = s.id AND r.deleted_at IS NULL AND r.id <> $3 ORDER BY r.rank LIMIT 50) cards) n ON true
	WHERE s.workspace_id = w.id AND s.pipeline_id = p.id AND s.deleted_at IS NULL))))
FROM workspaces w JOIN pipelines p ON p.workspace_id = w.id AND p.deleted_at IS NULL WHERE w.id = $1 AND p.id = $2`

// recordSQL builds the answer to one card's query. $1 is the workspace, $2 the record.
const recordSQL = `SELECT json_build_object('data', json_build_object('record', ` + cardJSON + `))
FROM records r ` + linksSQL + ` WHERE r.workspace_id = $1 AND r.id = $2 AND r.deleted_at IS NULL`

// handleReads answers with what the database built.
func handleReads(ctx context.Context, mux *http.ServeMux, db *sql.DB, workspace string) error {
	board, err := db.PrepareContext(ctx, boardSQL)
	if err != nil {
		return fmt.Errorf("prepare the board: %w", err)
	}
	record, err := db.PrepareContext(ctx, recordSQL)
	if err != nil {
		return fmt.Errorf("prepare the record: %w", err)
	}
	mux.HandleFunc("POST /board", func(w http.ResponseWriter, r *http.Request) {
		var ask struct{ PipelineID, Without string }
		if readBody(w, r, &ask) {
			pass(w, r, board, workspace, ask.PipelineID, ask.Without)
		}
	})
	mux.HandleFunc("POST /record", func(w http.ResponseWriter, r *http.Request) {
		var ask struct{ ID string }
		if readBody(w, r, &ask) {
			pass(w, r, record, workspace, ask.ID)
		}
	})
	return nil
}

// pass passes the one value of a statement on, without a copy.
func pass(w http.ResponseWriter, r *http.Request, stmt *sql.Stmt, args ...any) {
	rows, err := stmt.QueryContext(r.Context(), args...)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	defer rows.Close()
	var body sql.RawBytes
	if !rows.Next() || rows.Scan(&body) != nil {
		http.Error(w, fmt.Sprint("nothing found ", rows.Err()), http.StatusNotFound)
		return
	}
	writeJSON(w, body)
}

func readBody(w http.ResponseWriter, r *http.Request, into any) bool {
	err := json.NewDecoder(r.Body).Decode(into)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
	}
	return err == nil
}

func writeJSON(w http.ResponseWriter, body []byte) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	_, _ = w.Write(body) // a client that left is no fault
}
