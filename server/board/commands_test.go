package board_test

import (
	"context"
	"fmt"
	"maps"
	"math/rand"
	"slices"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/server/board"
	"github.com/rapidbott/tideboard/server/crm"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/filter"
	"github.com/rapidbott/tideboard/server/servertest"
)

// act does something, as somebody.
func (p *play) act(t *testing.T) {
	t.Helper()
	who := pick(p.r, []*servertest.Person{p.w.Owner, p.w.Owner, p.w.Ben, p.w.Chloe, p.w.Key})
	err := p.command(p.ctx(who))
	if f := fault.Of(err); f != nil {
		p.refused[f.Kind]++
		return
	}
	require.NoError(t, err)
	p.done++
}

func (p *play) command(ctx context.Context) (err error) {
	c, id := p.w.CRM, p.card()
	switch n := p.r.Intn(100); {
	case n < 25 || id == "":
		_, err = c.CreateRecord(ctx, crm.CreateRecordInput{StageID: ptr(p.stage()), Title: pick(p.r, titles), Value: p.value(), Priority: "LOW", OwnerID: p.owner(),
			ContactID: maybe(p.r, p.contacts), CompanyID: maybe(p.r, p.companies), Tags: p.tags(), Place: p.place()})
	case n < 50:
		place := p.place()
		in := crm.MoveRecordInput{RecordID: id, ToStageID: ptr(p.stage()), AfterRecordID: place.AfterRecordID, BeforeRecordID: place.BeforeRecordID, ToEnd: place.ToEnd}
		if p.r.Intn(2) == 0 {
			in.ToPipelineID = ptr(pick(p.r, []string{p.w.Pipeline, p.other}))
		}
		_, err = c.MoveRecord(ctx, in)
	case n < 60:
		err = p.bulk(ctx)
	case n < 70:
		in := crm.UpdateRecordInput{ID: id, Title: graphql.OmittableOf(ptr(pick(p.r, titles))), ContactID: graphql.OmittableOf(maybe(p.r, p.contacts)),
			CompanyID: graphql.OmittableOf(maybe(p.r, p.companies)),
			Tags:      graphql.OmittableOf(p.tags()), Value: graphql.OmittableOf(p.value())}
		if p.r.Intn(3) == 0 {
			in.StageID = graphql.OmittableOf(ptr(p.stage()))
		}
		_, err = c.UpdateRecord(ctx, in)
	case n < 80:
		_, err = c.AssignRecord(ctx, crm.AssignRecordInput{RecordID: id, OwnerID: graphql.OmittableOf(p.owner())})
	case n < 83:
		_, err = c.DeleteRecord(ctx, crm.DeleteRecordInput{ID: id})
	case n < 85:
		_, err = c.DeleteRecords(ctx, crm.DeleteRecordsInput{BatchTarget: crm.BatchTarget{IDs: p.some()}})
	case n < 86:
		_, err = c.RestoreRecords(ctx, crm.RestoreRecordsInput{BatchTarget: crm.BatchTarget{IDs: p.gone()}})
	case n < 89:
		_, err = c.UpdateContact(ctx, crm.UpdateContactInput{ID: pick(p.r, p.contacts), LastName: graphql.OmittableOf(ptr(pick(p.r, titles)))})
	case n < 90:
		_, err = c.UpdateCompany(ctx, crm.UpdateCompanyInput{ID: pick(p.r, p.companies), Name: graphql.OmittableOf(ptr(pick(p.r, titles) + "!"))})
	case n < 91:
		_, err = c.CreateTask(ctx, crm.CreateTaskInput{Title: "t", Priority: "LOW", RecordID: &id})
	case n < 92:
		if err = p.replaceContact(ctx); err == nil {
			err = p.replaceCompany(ctx)
		}
	case n < 93:
		_, err = c.LinkRecords(ctx, crm.LinkRecordsInput{RecordID: id, ToRecordID: p.card()})
	default:
		err = p.restage(ctx)
	}
	return err
}

// replaceCompany deletes a company and makes another.
func (p *play) replaceCompany(ctx context.Context) error {
	if _, err := p.w.CRM.DeleteCompany(ctx, crm.DeleteCompanyInput{ID: p.companies[0]}); err != nil {
		return err
	}
	made, err := p.w.CRM.CreateCompany(ctx, crm.CreateCompanyInput{Name: "New"})
	if err == nil {
		p.companies = append(p.companies[1:], made.Company.ID)
	}
	return err
}

// bulk does something to several cards at once.
func (p *play) bulk(ctx context.Context) (err error) {
	target := crm.BatchTarget{IDs: p.some()}
	if p.r.Intn(3) == 0 {
		b, err := p.w.Boards.Board(ctx, board.Query{PipelineID: p.w.Pipeline})
		if err != nil {
			return err
		}
		n := b.Columns[0].Totals.Count
		target = crm.BatchTarget{Filter: &filter.RecordFilter{StageID: &filter.IDComparator{Eq: &b.Columns[0].Stage.ID}}, ExpectedCount: &n}
	}
	switch p.r.Intn(4) {
	case 0, 1:
		in := crm.MoveRecordsInput{BatchTarget: target, ToStageID: ptr(p.stage()), Place: p.place()}
		if p.r.Intn(2) == 0 {
			in.ToPipelineID = ptr(pick(p.r, []string{p.w.Pipeline, p.other}))
		}
		_, err = p.w.CRM.MoveRecords(ctx, in)
	case 2:
		_, err = p.w.CRM.AssignRecords(ctx, crm.AssignRecordsInput{BatchTarget: target, OwnerID: graphql.OmittableOf(p.owner())})
	case 3:
		_, err = p.w.CRM.UpdateRecords(ctx, crm.UpdateRecordsInput{BatchTarget: target, Set: &crm.RecordChanges{Value: graphql.OmittableOf(p.value()), AddTags: p.tags(),
			RemoveTags: []string{"wet"}}})
	}
	return err
}

// some picks a few cards.
func (p *play) some() (ids []string) {
	for range 1 + p.r.Intn(5) {
		if id := p.card(); id != "" {
			ids = append(ids, id)
		}
	}
	p.former = append(p.former, ids...)
	return ids
}

// gone picks a few cards that may have been deleted.
func (p *play) gone() []string {
	n := len(p.former)
	return p.former[max(n-8, 0):]
}

// replaceContact deletes a contact and makes another.
func (p *play) replaceContact(ctx context.Context) error {
	if _, err := p.w.CRM.DeleteContact(ctx, crm.DeleteContactInput{ID: p.contacts[0]}); err != nil {
		return err
	}
	made, err := p.w.CRM.CreateContact(ctx, crm.CreateContactInput{FirstName: ptr("New")})
	if err == nil {
		p.contacts = append(p.contacts[1:], made.Contact.ID)
	}
	return err
}

// restage changes a pipeline's stages: their order, a name, one more, one less whose cards go elsewhere, a kind.
func (p *play) restage(ctx context.Context) error {
	id := pick(p.r, []string{p.w.Pipeline, p.other})
	b, err := p.w.Boards.Board(p.ctx(p.w.Owner), board.Query{PipelineID: id})
	if err != nil {
		return err
	}
	in := crm.UpdatePipelineInput{ID: id}
	for _, c := range b.Columns {
		s := c.Stage
		in.Stages = append(in.Stages, &crm.StageInput{ID: &s.ID, Name: s.Name, Kind: graphql.OmittableOf(&s.Kind), ConfirmCount: &c.Totals.Count})
	}
	at := p.r.Intn(len(in.Stages))
	switch p.r.Intn(5) {
	case 0:
		p.r.Shuffle(len(in.Stages), func(i, j int) { in.Stages[i], in.Stages[j] = in.Stages[j], in.Stages[i] })
	case 1:
		in.Stages[at].Name = fmt.Sprint("Stage ", p.r.Intn(1000))
	case 2:
		in.Stages = slices.Insert(in.Stages, at, &crm.StageInput{Name: fmt.Sprint("Stage ", p.r.Intn(1000)), Color: graphql.OmittableOf(ptr("#654321")), Kind: graphql.OmittableOf(ptr(pick(p.r, []string{"OPEN", "LOST"})))})
	case 3:
		gone := *in.Stages[at].ID
		in.Stages = slices.Delete(in.Stages, at, at+1)
		if len(in.Stages) > 2 {
			in.MoveRecords = []*crm.StageMoveInput{{FromStageID: gone, ToStageID: *in.Stages[0].ID}}
		}
	case 4:
		in.Stages[at].Kind = graphql.OmittableOf(ptr(pick(p.r, []string{"OPEN", "WON"})))
	}
	_, err = p.w.CRM.UpdatePipeline(ctx, in)
	return err
}

// whole are the watchers who see everything, by pipeline: what they hold is what there is.
func (p *play) whole() map[string]*watcher {
	return map[string]*watcher{p.w.Pipeline: p.watchers[0], p.other: p.watchers[1]}
}

// card picks a card of any board, "" when there is none.
func (p *play) card() string {
	var ids []string
	for _, w := range p.whole() {
		for _, c := range w.holds {
			for _, card := range c.cards {
				ids = append(ids, card.id)
			}
		}
	}
	if len(ids) == 0 {
		return ""
	}
	slices.Sort(ids)
	return pick(p.r, ids)
}

func (p *play) stage() string {
	w := p.whole()[pick(p.r, []string{p.w.Pipeline, p.other})]
	return pick(p.r, slices.Sorted(maps.Keys(w.holds)))
}

func (p *play) place() *crm.PlaceInput {
	switch beside := p.card(); {
	case beside == "" || p.r.Intn(3) == 0:
		return &crm.PlaceInput{ToEnd: ptr(pick(p.r, []string{"TOP", "BOTTOM"}))}
	case p.r.Intn(2) == 0:
		return &crm.PlaceInput{AfterRecordID: &beside}
	default:
		return &crm.PlaceInput{BeforeRecordID: &beside}
	}
}

var titles = []string{"Äpfel", "apfel", "Birnen", "one", "two"}

func (p *play) owner() *string { return maybe(p.r, []string{p.w.Ben.ID, p.w.Chloe.ID, p.w.Chloe.ID}) }

func (p *play) tags() []string { return []string{"hot", "cold", "wet"}[:p.r.Intn(4)] }

func (p *play) value() *crm.MoneyInput {
	if p.r.Intn(4) == 0 {
		return nil
	}
	return &crm.MoneyInput{Amount: fmt.Sprint(p.r.Intn(100)), Currency: maybe(p.r, []string{"USD", "EUR"})}
}

func pick[T any](r *rand.Rand, list []T) T { return list[r.Intn(len(list))] }

func maybe[T any](r *rand.Rand, list []T) *T {
	if r.Intn(3) == 0 {
		return nil
	}
	return ptr(pick(r, list))
}
