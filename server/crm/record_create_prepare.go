package crm

import (
	"slices"

	"github.com/rapidbott/tideboard/ent"
	"github.com/rapidbott/tideboard/ent/company"
	"github.com/rapidbott/tideboard/ent/contact"
	"github.com/rapidbott/tideboard/ent/member"
	"github.com/rapidbott/tideboard/ent/pipeline"
	"github.com/rapidbott/tideboard/ent/stage"
	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/scope"
	"github.com/rapidbott/tideboard/server/typeid"
)

// manyRecords is one CreateRecords under way. Everything that its rows refer to is loaded at once; they are decided one
// after the other in memory, each seeing what those before it come to; then all is written at once.
type manyRecords struct {
	*Tx
	in   CreateRecordsInput
	rows []*newRow

	pipelines map[string]*ent.Pipeline
	stages    []*ent.Stage // by position
	standard  *ent.Pipeline
	members   map[string]*ent.Member
	receivers []string // of records without an owner, in turn
	last      string   // who had the last turn
	turned    bool     // somebody had one here
	contacts  map[string]*ent.Contact
	companies map[string]*ent.Company
	owners    map[contactKey][]string
	external  map[string]*twin
	titled    map[titleOf]*twin
}

// titleOf is a record's contact with its title, blanks and case ignored.
type titleOf struct{ contactID, title string }

// right are the rows that nothing was found wrong with so far.
func (m *manyRecords) right(each func(*newRow)) {
	for _, n := range m.rows {
		if n.err == nil {
			each(n)
		}
	}
}

// prepare reads the rows and loads what they refer to: pipelines and stages, owners, contacts, and the records that they may
// be repeats of. Stages are held for update, contacts so that they stay.
func (m *manyRecords) prepare() error {
	for i, r := range m.in.Records {
		n, err := m.in.readRow(i, r, m.viewer)
		if err != nil {
			err = n.refuse(err)
		}
		if err != nil {
			return err
		}
		m.rows = append(m.rows, n)
	}
	for _, step := range []func() error{m.loadHomes, m.findHomes, m.holdHomes, m.loadOwners, m.loadTurns, m.loadContacts, m.loadCompanies, m.loadTwins} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// loadHomes loads the pipelines that are named, the default one, their stages, and the stages that are named.
func (m *manyRecords) loadHomes() error {
	var pipelines, stages []string
	name := func(into *[]string, id *string) {
		if id != nil && !slices.Contains(*into, *id) {
			*into = append(*into, *id)
		}
	}
	name(&pipelines, m.in.DefaultPipelineID)
	name(&stages, m.in.DefaultStageID)
	m.right(func(n *newRow) {
		name(&pipelines, n.in.PipelineID)
		name(&stages, n.in.StageID)
	})
	found, err := m.ent.Pipeline.Query().Where(pipeline.DeletedAtIsNil(), pipeline.Or(pipeline.IDIn(pipelines...), pipeline.IsDefault(true))).All(m.seen)
	if err != nil {
		return err
	}
	m.pipelines = map[string]*ent.Pipeline{}
	pipelines = nil
	for _, p := range found {
		if scope.SeesPipeline(m.viewer, p.ID) {
			m.pipelines[p.ID] = p
			pipelines = append(pipelines, p.ID)
			if p.IsDefault {
				m.standard = p
			}
		}
	}
	all, err := m.ent.Stage.Query().Where(stage.DeletedAtIsNil(), stage.Or(stage.IDIn(stages...), stage.PipelineIDIn(pipelines...))).
		Order(stage.ByPosition(), stage.ByID()).All(m.seen)
	m.stages = slices.DeleteFunc(all, func(s *ent.Stage) bool { return !scope.SeesPipeline(m.viewer, s.PipelineID) })
	return err
}

// findHomes gives each row its stage: its own, or the first OPEN one of its own pipeline, or the default stage, or the first
// OPEN one of the default pipeline. A default that is wrong is the whole call's fault.
func (m *manyRecords) findHomes() error {
	home, err := m.homeOf("input.defaultPipelineId", "input.defaultStageId", m.in.DefaultPipelineID, m.in.DefaultStageID)
	if err != nil {
		return err
	}
	m.right(func(n *newRow) {
		if err != nil {
			return
		}
		p, s := n.in.PipelineID, n.in.StageID
		if p == nil && s != nil {
			p = m.in.DefaultPipelineID
		}
		if s == nil && home != nil && m.in.DefaultStageID != nil && (p == nil || *p == home.PipelineID) {
			n.target = home
			return
		}
		if p == nil && s == nil {
			n.target = home
			if home == nil {
				err = n.refuse(fault.At("input.pipelineId", fault.NoPipeline, "there is no pipeline to put the record in"))
			}
			return
		}
		var wrong error
		if n.target, wrong = m.homeOf("input.pipelineId", "input.stageId", p, s); wrong != nil {
			err = n.refuse(wrong)
		}
	})
	return err
}

// homeOf finds the stage that two ids mean; nil when they mean none, and there is no default pipeline.
func (m *manyRecords) homeOf(pipelineField, stageField string, pipelineID, stageID *string) (*ent.Stage, error) {
	p := m.standard
	if pipelineID != nil {
		if p = m.pipelines[*pipelineID]; p == nil {
			return nil, fault.NotFound(pipelineField, typeid.Name(typeid.Pipeline), *pipelineID)
		}
	}
	for _, s := range m.stages {
		switch {
		case stageID == nil && p != nil && s.PipelineID == p.ID && s.Kind == stage.KindOPEN:
			return s, nil
		case stageID != nil && s.ID == *stageID && pipelineID != nil && s.PipelineID != p.ID:
			return nil, fault.At(stageField, fault.StageNotInPipeline, "the stage belongs to another pipeline")
		case stageID != nil && s.ID == *stageID:
			return s, nil
		}
	}
	if stageID != nil {
		return nil, fault.NotFound(stageField, typeid.Name(typeid.Stage), *stageID)
	}
	if pipelineID != nil {
		return nil, fault.At(pipelineField, fault.NoPipeline, "the pipeline has no OPEN stage")
	}
	return nil, nil
}

// holdHomes locks the stages that records go to, whose order they change.
func (m *manyRecords) holdHomes() error {
	var ids []string
	m.right(func(n *newRow) {
		if !slices.Contains(ids, n.target.ID) {
			ids = append(ids, n.target.ID)
		}
	})
	if len(ids) == 0 {
		return nil
	}
	held, err := m.ent.Stage.Query().Where(stage.IDIn(ids...), stage.DeletedAtIsNil(), m.lock).Order(stage.ByID()).All(m.seen)
	if err != nil {
		return err
	}
	m.right(func(n *newRow) {
		i := slices.IndexFunc(held, func(s *ent.Stage) bool { return s.ID == n.target.ID })
		if i < 0 || held[i].PipelineID != n.target.PipelineID || held[i].Kind != n.target.Kind { // somebody changed it meanwhile
			err = errRetry
			return
		}
		n.target = held[i]
	})
	return err
}

func (m *manyRecords) loadOwners() error {
	var ids []string
	m.right(func(n *newRow) {
		if n.in.OwnerID != nil {
			ids = append(ids, *n.in.OwnerID)
		}
	})
	m.members = map[string]*ent.Member{}
	if len(ids) == 0 {
		return nil
	}
	found, err := m.ent.Member.Query().Where(member.IDIn(ids...)).All(m.seen)
	for _, f := range found {
		m.members[f.ID] = f
	}
	return err
}

// loadTurns loads who owns records that come without an owner, by turns; see ownerInTurn. Who sees only its own has no need.
func (m *manyRecords) loadTurns() error {
	needed := false
	m.right(func(n *newRow) { needed = needed || n.in.OwnerID == nil })
	if !needed || m.keepsItsOwn() {
		return nil
	}
	rules, zone, err := m.recordRules()
	if err != nil || rules.AssignmentRule != roundRobin {
		return err
	}
	if m.receivers, err = m.Tx.receivers(rules, zone, false); err != nil || len(m.receivers) == 0 {
		return err
	}
	m.last, err = m.lastTurn()
	return err
}

// keepsItsOwn tells whether what the viewer makes without an owner is its own: it would not see it otherwise.
func (m *manyRecords) keepsItsOwn() bool {
	return m.viewer.MemberID() != "" && !m.viewer.Can(viewer.SeeAllRecords)
}

// loadContacts finds the contacts that rows mean. Where repeats are skipped they are held for update, so that of two
// calls that are the same the second finds what the first has made.
func (m *manyRecords) loadContacts() (err error) {
	var ids []string
	var keys []contactKey
	m.right(func(n *newRow) {
		if n.in.ContactID != nil {
			ids = append(ids, *n.in.ContactID)
		} else {
			keys = append(keys, n.ref.keys()...)
		}
	})
	if m.owners, err = m.holders(keys); err != nil {
		return err
	}
	must := map[string]bool{}
	for _, have := range m.owners {
		must[have[0]] = true
		ids = append(ids, have[0])
	}
	m.contacts = map[string]*ent.Contact{}
	if len(ids) == 0 {
		return nil
	}
	hold := m.share
	if m.in.SkipIfExists {
		hold = m.lock
	}
	found, err := m.ent.Contact.Query().Where(contact.IDIn(ids...), contact.DeletedAtIsNil(), hold).Order(contact.ByID()).All(m.seen)
	if err != nil {
		return err
	}
	for _, c := range found {
		m.contacts[c.ID] = c
	}
	for id := range must {
		if m.contacts[id] == nil { // deleted meanwhile
			return errRetry
		}
	}
	return nil
}

// loadCompanies loads the companies that are named, which stay while they are being linked.
func (m *manyRecords) loadCompanies() error {
	var ids []string
	m.right(func(n *newRow) {
		if n.in.CompanyID != nil {
			ids = append(ids, *n.in.CompanyID)
		}
	})
	m.companies = map[string]*ent.Company{}
	if len(ids) == 0 {
		return nil
	}
	found, err := m.ent.Company.Query().Where(company.IDIn(ids...), company.DeletedAtIsNil(), m.share).Order(company.ByID()).All(m.seen)
	for _, c := range found {
		m.companies[c.ID] = c
	}
	return err
}

// loadTwins loads the live records that rows may be repeats of, whoever sees them: by external id, and, where repeats
// are skipped, those of the contacts.
func (m *manyRecords) loadTwins() error {
	m.external, m.titled = map[string]*twin{}, map[titleOf]*twin{}
	var ids, of []string
	m.right(func(n *newRow) {
		if n.draft.ExternalID != nil {
			ids = append(ids, *n.draft.ExternalID)
		}
	})
	if m.in.SkipIfExists {
		for id := range m.contacts {
			of = append(of, id)
		}
		slices.Sort(of)
	}
	if err := m.twins("r.external_id", ids, func(t *twin, r *row.Record) { m.external[*r.ExternalID] = t }); err != nil {
		return err
	}
	return m.twins("r.contact_id", of, func(t *twin, r *row.Record) { m.titles(t, r.Title) })
}

// twins reads the live records that have one of these values, the oldest first.
func (m *manyRecords) twins(column string, values []string, each func(*twin, *row.Record)) error {
	if len(values) == 0 {
		return nil
	}
	text, args := m.begin().Add("SELECT r.id, r.title, r.contact_id, r.external_id, r.owner_id, r.pipeline_id FROM records r WHERE ").Workspace("r").
		Add(" AND r.deleted_at IS NULL AND ").In(column, values).Add(" ORDER BY r.id").SQL()
	rows, err := m.sql.QueryContext(m.ctx, text, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var r row.Record
		if err := rows.Scan(&r.ID, &r.Title, &r.ContactID, &r.ExternalID, &r.OwnerID, &r.PipelineID); err != nil {
			return err
		}
		each(&twin{r.ID, r.ContactID, !scope.SeesRecord(m.viewer, &r)}, &r)
	}
	return rows.Err()
}
