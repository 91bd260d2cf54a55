package board

import (
	"context"
	"database/sql"

	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/changelog"
	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/scope"
	"github.com/rapidbott/tideboard/server/store"
)

// loader reads boards of a workspace, whole: what a viewer may see of them is decided afterwards.
type loader struct {
	db       *store.DB
	log      changelog.Log
	everyone *viewer.Viewer
}

func newLoader(db *store.DB, v *viewer.Viewer) loader {
	everyone := viewer.ForSystem(v.WorkspaceID)
	everyone.Currency = v.Currency
	return loader{db, changelog.Log{DB: db}, everyone}
}

func (l loader) begin() *scope.Builder { return scope.New(l.everyone, l.db.SQL) }

// state reads a pipeline with its cards as it stands in a snapshot; nil when there is no such pipeline. A deleted
// pipeline is read too: its past can be looked at.
func (l loader) state(ctx context.Context, q store.Queryer, pipelineID string) (*state, error) {
	head, _, err := l.log.Head(ctx, q, l.everyone.WorkspaceID)
	if err != nil {
		return nil, err
	}
	s := &state{revision: head, currency: l.everyone.Currency, stages: map[string]*row.Stage{}, cards: map[string]*row.Record{},
		contacts: map[string]*row.Contact{}, companies: map[string]*row.Company{}, members: map[string]*row.Member{}, people: map[string]*row.Member{}, linked: map[string]map[string]bool{}}
	ps, err := scan(ctx, q, l.begin().Add("SELECT ").Columns("p", row.PipelineColumns).Add(" FROM pipelines p WHERE ").Workspace("p").
		Add(" AND p.id = ?", pipelineID), (*row.Pipeline).Dest)
	if err != nil || len(ps) == 0 {
		return nil, err
	}
	s.pipeline = ps[0]
	stages, err := scan(ctx, q, l.begin().Add("SELECT ").Columns("s", row.StageColumns).Add(" FROM stages s WHERE ").Stages("s").
		Add(" AND s.pipeline_id = ?", pipelineID), (*row.Stage).Dest)
	if err != nil {
		return nil, err
	}
	for _, st := range stages {
		s.stages[st.ID] = st
	}
	members, err := scan(ctx, q, l.begin().Add("SELECT ").Columns("m", row.MemberColumns).Add(" FROM members m WHERE ").Workspace("m"),
		(*row.Member).Dest)
	if err != nil {
		return nil, err
	}
	for _, m := range members {
		s.members[m.ID], s.people[m.ID] = m, m
	}
	if err := l.cards(ctx, q, s); err != nil {
		return nil, err
	}
	s.relink()
	return s, nil
}

// cards reads a board's live records and the contacts and companies they link to.
func (l loader) cards(ctx context.Context, q store.Queryer, s *state) error {
	contacts, err := scan(ctx, q, l.begin().Add("SELECT ").Columns("c", row.ContactColumns).Add(" FROM contacts c WHERE ").Workspace("c").
		Add(" AND c.id IN (SELECT r.contact_id FROM records r WHERE ").Records("r").Add(" AND r.pipeline_id = ?)", s.pipeline.ID),
		(*row.Contact).Dest)
	if err != nil {
		return err
	}
	for _, c := range contacts {
		s.contacts[c.ID] = c
	}
	companies, err := scan(ctx, q, l.begin().Add("SELECT ").Columns("o", row.CompanyColumns).Add(" FROM companies o WHERE ").Workspace("o").
		Add(" AND o.id IN (SELECT r.company_id FROM records r WHERE ").Records("r").Add(" AND r.pipeline_id = ?)", s.pipeline.ID),
		(*row.Company).Dest)
	if err != nil {
		return err
	}
	for _, c := range companies {
		s.companies[c.ID] = c
	}
	records, err := scan(ctx, q, l.begin().Add("SELECT ").Columns("r", row.RecordColumns).Add(" FROM records r WHERE ").Records("r").
		Add(" AND r.pipeline_id = ?", s.pipeline.ID), (*row.Record).Dest)
	for _, r := range records {
		s.cards[r.ID] = r
		s.link(r, true)
	}
	return err
}

// partners reads contacts and companies by id, as they are now.
func (l loader) partners(ctx context.Context, contacts, companies []string) (out partners, err error) {
	if len(contacts) > 0 {
		out.contacts, err = scan(ctx, l.db, l.begin().Add("SELECT ").Columns("c", row.ContactColumns).Add(" FROM contacts c WHERE ").Workspace("c").
			Add(" AND ").In("c.id", contacts), (*row.Contact).Dest)
	}
	if len(companies) > 0 && err == nil {
		out.companies, err = scan(ctx, l.db, l.begin().Add("SELECT ").Columns("o", row.CompanyColumns).Add(" FROM companies o WHERE ").Workspace("o").
			Add(" AND ").In("o.id", companies), (*row.Company).Dest)
	}
	return out, err
}

// past reads, for each record and stage of a board and the pipeline itself, the first change after a revision: what
// was before it is what was at the revision, however much has happened since. Members are among them where what the lens
// shows depends on their teams.
func (l loader) past(ctx context.Context, q store.Queryer, through lens, pipelineID string, after row.Revision) ([]*changelog.Change, error) {
	members := "1 = 0"
	if through.filter.Teams {
		members = "c.entity = 'member' AND c.kind <> 'member.presence.changed'"
	}
	rows, err := query(ctx, q, l.begin().Add(`SELECT x.revision, x.ordinal, x.kind, x.entity, x.entity_id, x.before, x.after, x.changed
		FROM (SELECT c.*, ROW_NUMBER() OVER (PARTITION BY c.entity_id ORDER BY c.revision, c.ordinal) AS place
		FROM changes c WHERE `).Workspace("c").Add(` AND c.revision > ? AND (c.entity IN ('record', 'stage', 'pipeline')
		AND (c.pipeline_id = ? OR c.kind = 'record.pipeline.changed') OR `+members+`)) x WHERE x.place = 1`, int64(after), pipelineID))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []*changelog.Change
	for rows.Next() {
		c := &changelog.Change{}
		if err := rows.Scan(&c.Revision, &c.Ordinal, &c.Kind, &c.Entity, &c.EntityID, &c.Before, &c.After, (*row.Strings)(&c.Changed)); err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	return out, rows.Err()
}

func query(ctx context.Context, q store.Queryer, b *scope.Builder) (*sql.Rows, error) {
	text, args := b.SQL()
	return q.Query(ctx, text, args...)
}

// scan reads all rows of a statement.
func scan[T any](ctx context.Context, q store.Queryer, b *scope.Builder, dest func(*T) []any) (out []*T, err error) {
	rows, err := query(ctx, q, b)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		t := new(T)
		if err := rows.Scan(dest(t)...); err != nil {
			return nil, err
		}
		out = append(out, t)
	}
	return out, rows.Err()
}
