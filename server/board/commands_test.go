package board_test

import (
	"context"
	"fmt"
	"math/rand"
	"slices"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/server/board"
	"github.com/rapidbott/tideboard/server/crm"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/servertest"
)

// act does something, as somebody.
func (p *play) act(t *testing.T) {
	t.Helper()
	who := pick(p.r, []*servertest.Person{p.w.Owner, p.w.Owner, p.w.Ben, p.w.Chloe, p.w.Key})
	err := p.command(t, p.ctx(who))
	if f := fault.Of(err); f != nil {
		p.refused[f.Kind]++
		return
	}
	require.NoError(t, err)
	p.done++
}

func (p *play) command(t *testing.T, ctx context.Context) (err error) {
	c, id := p.w.CRM, p.card(t)
	switch n := p.r.Intn(100); {
	case n < 25 || id == "":
		_, err = c.CreateRecord(ctx, crm.CreateRecordInput{StageID: ptr(p.stage(t)), Title: pick(p.r, titles), Value: p.value(), Priority: "LOW", OwnerID: p.owner(),
			ContactID: maybe(p.r, p.contacts), Tags: p.tags(), Place: p.place(t)})
	case n < 55:
		place := p.place(t)
		in := crm.MoveRecordInput{RecordID: id, ToStageID: ptr(p.stage(t)), AfterRecordID: place.AfterRecordID, BeforeRecordID: place.BeforeRecordID, ToEnd: place.ToEnd}
		if p.r.Intn(2) == 0 {
			in.ToPipelineID = ptr(pick(p.r, []string{p.w.Pipeline, p.other}))
		}
		_, err = c.MoveRecord(ctx, in)
	case n < 70:
		in := crm.UpdateRecordInput{ID: id, Title: graphql.OmittableOf(ptr(pick(p.r, titles))), ContactID: graphql.OmittableOf(maybe(p.r, p.contacts)),
			Tags: graphql.OmittableOf(p.tags()), Value: graphql.OmittableOf(p.value())}
		if p.r.Intn(3) == 0 {
			in.StageID = graphql.OmittableOf(ptr(p.stage(t)))
		}
		_, err = c.UpdateRecord(ctx, in)
	case n < 80:
		_, err = c.AssignRecord(ctx, crm.AssignRecordInput{RecordID: id, OwnerID: p.owner()})
	case n < 83:
		_, err = c.DeleteRecord(ctx, crm.DeleteRecordInput{ID: id})
	case n < 85:
		_, err = c.DeleteRecords(ctx, crm.DeleteRecordsInput{IDs: []string{id, p.card(t), p.card(t)}})
	case n < 89:
		_, err = c.UpdateContact(ctx, crm.UpdateContactInput{ID: pick(p.r, p.contacts), LastName: graphql.OmittableOf(ptr(pick(p.r, titles)))})
	case n < 91:
		_, err = c.CreateTask(ctx, crm.CreateTaskInput{Title: "t", Priority: "LOW", RecordID: &id})
	case n < 92:
		err = p.replaceContact(ctx)
	default:
		err = p.restage(t, ctx)
	}
	return err
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
func (p *play) restage(t *testing.T, ctx context.Context) error {
	id := pick(p.r, []string{p.w.Pipeline, p.other})
	b := p.look(t, id)
	in := crm.UpdatePipelineInput{ID: id}
	for _, c := range b.Columns {
		s := c.Stage
		in.Stages = append(in.Stages, &crm.StageInput{ID: &s.ID, Name: s.Name, Color: s.Color, Kind: s.Kind, DefaultProbability: s.DefaultProbability, RequiredFields: s.RequiredFields,
			ConfirmCount: &c.Totals.Count})
	}
	at := p.r.Intn(len(in.Stages))
	switch p.r.Intn(5) {
	case 0:
		p.r.Shuffle(len(in.Stages), func(i, j int) { in.Stages[i], in.Stages[j] = in.Stages[j], in.Stages[i] })
	case 1:
		in.Stages[at].Name = fmt.Sprint("Stage ", p.r.Intn(1000))
	case 2:
		in.Stages = slices.Insert(in.Stages, at, &crm.StageInput{Name: fmt.Sprint("Stage ", p.r.Intn(1000)), Color: "#654321", Kind: pick(p.r, []string{"OPEN", "LOST"})})
	case 3:
		gone := *in.Stages[at].ID
		in.Stages = slices.Delete(in.Stages, at, at+1)
		if len(in.Stages) > 2 {
			in.MoveRecords = []*crm.StageMoveInput{{FromStageID: gone, ToStageID: *in.Stages[0].ID}}
		}
	case 4:
		in.Stages[at].Kind, in.Stages[at].DefaultProbability = pick(p.r, []string{"OPEN", "WON"}), nil
	}
	_, err := p.w.CRM.UpdatePipeline(ctx, in)
	return err
}

// look reads a board as the owner sees it.
func (p *play) look(t *testing.T, pipeline string) *board.Board {
	t.Helper()
	b, err := p.w.Boards.Board(p.ctx(p.w.Owner), board.Query{PipelineID: pipeline, First: 200})
	require.NoError(t, err)
	return b
}

// card picks a card of any board, "" when there is none.
func (p *play) card(t *testing.T) string {
	t.Helper()
	var ids []string
	for _, pipeline := range []string{p.w.Pipeline, p.other} {
		for _, c := range p.look(t, pipeline).Columns {
			cards, err := c.Cards(t.Context(), 200, nil)
			require.NoError(t, err)
			for _, r := range cards.Nodes {
				ids = append(ids, r.ID)
			}
		}
	}
	if len(ids) == 0 {
		return ""
	}
	return pick(p.r, ids)
}

func (p *play) stage(t *testing.T) string {
	t.Helper()
	return pick(p.r, p.look(t, pick(p.r, []string{p.w.Pipeline, p.other})).Columns).Stage.ID
}

func (p *play) place(t *testing.T) *crm.PlaceInput {
	t.Helper()
	switch beside := p.card(t); {
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
