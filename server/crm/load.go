package crm

import (
	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"

	"github.com/rapidbott/tideboard/ent"
	"github.com/rapidbott/tideboard/ent/contact"
	"github.com/rapidbott/tideboard/ent/member"
	"github.com/rapidbott/tideboard/ent/pipeline"
	"github.com/rapidbott/tideboard/ent/record"
	"github.com/rapidbott/tideboard/ent/stage"
	"github.com/rapidbott/tideboard/ent/task"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/scope"
	"github.com/rapidbott/tideboard/server/typeid"
)

// Locks are always taken in the order set of pipelines (see arrange), pipeline, stage, record, contact, company or task, counter, workspace.

// lock makes a query lock what it finds, where the database needs that.
func (tx *Tx) lock(s *entsql.Selector) {
	if s.Dialect() == dialect.Postgres {
		s.For(entsql.LockNoKeyUpdate)
	}
}

func missing(err error, field, prefix, id string) error {
	if ent.IsNotFound(err) {
		return fault.NotFound(field, typeid.Name(prefix), id)
	}
	return err
}

// wrongKind refuses an id of another kind by the name of the kind wanted.
func wrongKind(field, prefix, id string) error {
	if typeid.Is(prefix, id) {
		return nil
	}
	return fault.At(field, fault.ValidationFailed, "%q is not the id of a %s", id, typeid.Name(prefix))
}

// record loads a live record that the viewer sees, for update.
func (tx *Tx) record(field, id string) (*ent.Record, error) {
	if err := wrongKind(field, typeid.Record, id); err != nil {
		return nil, err
	}
	r, err := tx.ent.Record.Query().Where(record.ID(id), record.DeletedAtIsNil(), tx.lock).Only(tx.seen)
	if err != nil || !scope.SeesPipeline(tx.viewer, r.PipelineID) {
		return nil, missing(orNotFound(err), field, typeid.Record, id)
	}
	return r, nil
}

// stage loads a live stage that the viewer sees, for update: whoever holds it decides the order of its cards.
func (tx *Tx) stage(field, id string) (*ent.Stage, error) {
	if err := wrongKind(field, typeid.Stage, id); err != nil {
		return nil, err
	}
	s, err := tx.ent.Stage.Query().Where(stage.ID(id), stage.DeletedAtIsNil(), tx.lock).Only(tx.seen)
	if err != nil || !scope.SeesPipeline(tx.viewer, s.PipelineID) {
		return nil, missing(orNotFound(err), field, typeid.Stage, id)
	}
	return s, nil
}

// firstOpenStage is where records go when no stage is named.
func (tx *Tx) firstOpenStage(pipelineID string) (*ent.Stage, error) {
	return tx.ent.Stage.Query().Where(stage.PipelineID(pipelineID), stage.DeletedAtIsNil(), stage.KindEQ(stage.KindOPEN), tx.lock).
		Order(stage.ByPosition()).First(tx.seen)
}

// pipeline loads a live pipeline that the viewer sees.
func (tx *Tx) pipeline(field, id string, locked bool) (*ent.Pipeline, error) {
	if err := wrongKind(field, typeid.Pipeline, id); err != nil {
		return nil, err
	}
	q := tx.ent.Pipeline.Query().Where(pipeline.ID(id), pipeline.DeletedAtIsNil())
	if locked {
		q.Where(tx.lock)
	}
	p, err := q.Only(tx.seen)
	if err != nil || !scope.SeesPipeline(tx.viewer, p.ID) {
		return nil, missing(orNotFound(err), field, typeid.Pipeline, id)
	}
	return p, nil
}

// defaultPipeline is where records go when no pipeline is named.
func (tx *Tx) defaultPipeline() (*ent.Pipeline, error) {
	p, err := tx.ent.Pipeline.Query().Where(pipeline.IsDefault(true), pipeline.DeletedAtIsNil()).Only(tx.seen)
	if ent.IsNotFound(err) || (err == nil && !scope.SeesPipeline(tx.viewer, p.ID)) {
		return nil, fault.New(fault.NoPipeline, "there is no pipeline to put the record in")
	}
	return p, err
}

// share makes a query keep what it finds from being changed or deleted by others.
func (tx *Tx) share(s *entsql.Selector) {
	if s.Dialect() == dialect.Postgres {
		s.ForShare()
	}
}

// contact loads a live contact, for update if asked, else so that it stays while it is being linked.
func (tx *Tx) contact(field, id string, locked bool) (*ent.Contact, error) {
	if err := wrongKind(field, typeid.Contact, id); err != nil {
		return nil, err
	}
	q := tx.ent.Contact.Query().Where(contact.ID(id), contact.DeletedAtIsNil())
	if locked {
		q.Where(tx.lock)
	} else {
		q.Where(tx.share)
	}
	c, err := q.Only(tx.seen)
	return c, missing(err, field, typeid.Contact, id)
}

// task loads a live task that the viewer sees, for update.
func (tx *Tx) task(field, id string) (*ent.Task, error) {
	if err := wrongKind(field, typeid.Task, id); err != nil {
		return nil, err
	}
	t, err := tx.ent.Task.Query().Where(task.ID(id), task.DeletedAtIsNil(), tx.lock).Only(tx.seen)
	if err == nil && t.RecordID != nil && tx.viewer.PipelineIDs != nil { // it lies where its record lies
		r, err := tx.ent.Record.Query().Where(record.ID(*t.RecordID)).Only(tx.seen)
		if ent.IsNotFound(err) || err == nil && !scope.SeesPipeline(tx.viewer, r.PipelineID) {
			return nil, fault.NotFound(field, typeid.Name(typeid.Task), id)
		}
		if err != nil {
			return nil, err
		}
	}
	return t, missing(err, field, typeid.Task, id)
}

// assignee loads a member who can be given work: active, and with access to the CRM.
func (tx *Tx) assignee(field, id string) (*ent.Member, error) {
	if err := wrongKind(field, typeid.Member, id); err != nil {
		return nil, err
	}
	m, err := tx.ent.Member.Query().Where(member.ID(id)).Only(tx.seen)
	if err != nil {
		return nil, missing(err, field, typeid.Member, id)
	}
	if !canWork(m) {
		return nil, fault.At(field, fault.ValidationFailed, "%s is not an active member with access to the CRM", id)
	}
	return m, nil
}

func orNotFound(err error) error {
	if err == nil {
		return &ent.NotFoundError{}
	}
	return err
}

// number takes the next running number of a kind.
func (tx *Tx) number(kind string) (n int, err error) { return tx.numbers(kind, 1) }

// numbers takes the next n running numbers of a kind and gives the last of them.
func (tx *Tx) numbers(kind string, n int) (last int, err error) {
	text, args := scope.New(tx.viewer, tx.DB.SQL).Counters(kind, n).SQL()
	return last, tx.sql.QueryRowContext(tx.ctx, text, args...).Scan(&last)
}
