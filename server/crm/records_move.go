package crm

import (
	"context"
	"slices"

	"github.com/rapidbott/tideboard/ent"
	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/scope"
	"github.com/rapidbott/tideboard/server/typeid"
)

// MoveRecordsInput says where cards should go, as one block; see the SDL.
type MoveRecordsInput struct {
	BatchTarget
	ToStageID        *string
	ToPipelineID     *string
	Place            *PlaceInput
	Probability      *int
	LostReason       *string
	LostReasonKey    *string
	ClientMutationID *string
}

// MoveRecordsPayload tells what was moved, and how the block's place was found.
type MoveRecordsPayload struct {
	BatchPayload
	PlaceFellBack bool
	PlacedBy      string
}

// MoveRecords moves cards to a stage as one block: they keep their order on the board and lie next to each other. The rules
// are those of MoveRecord, row by row. Needs WriteRecords.
func (s *Service) MoveRecords(ctx context.Context, in MoveRecordsInput) (*MoveRecordsPayload, error) {
	if err := permit(ctx, viewer.WriteRecords); err != nil {
		return nil, err
	}
	out, c := &MoveRecordsPayload{}, &checker{}
	in.check(c, 0)
	b := moves(in, out, c)
	if err := c.Err(); err != nil {
		return nil, err
	}
	return out, s.do(ctx, b, in.BatchTarget, nil, in.ClientMutationID, out, &out.BatchPayload)
}

// moves makes the bulk command; `out` is told how the place was found.
func moves(in MoveRecordsInput, out *MoveRecordsPayload, c *checker) *bulk {
	place := PlaceInput{}
	if in.Place != nil {
		place = *in.Place
		c.place("input.place", place)
	}
	c.percent("input.probability", in.Probability)
	c.kind("input.toPipelineId", typeid.Pipeline, in.ToPipelineID)
	cl := c.closing("input", in.Probability, in.LostReason, in.LostReasonKey)
	if in.ToStageID == nil && in.ToPipelineID == nil {
		c.Add("input.toStageId", "a stage or a pipeline must be given")
	}
	var target *ent.Stage
	needReason := false
	b := &bulk{kind: MoveKind, need: viewer.WriteRecords, input: in}
	b.open = func(tx *Tx, _ []string) (err error) {
		out.PlaceFellBack, out.PlacedBy = false, placedAsked
		if target, err = tx.target(in.ToStageID, in.ToPipelineID); err == nil {
			needReason, err = tx.needsReason(target)
		}
		return err
	}
	b.decide = func(tx *Tx, cur *ent.Record, _ int) (ent.Record, error) {
		if err := reaches(target, cur, in.ToPipelineID != nil); err != nil {
			return *cur, err
		}
		return tx.moved(cur, target, cl, needReason, "input")
	}
	b.close = func(tx *Tx, drafts []*draft) error {
		beside, _ := place.anchor()
		if beside != nil && slices.ContainsFunc(drafts, func(d *draft) bool { return d.cur.ID == *beside }) {
			return fault.At("input.place", fault.ValidationFailed, "a card has no place beside itself")
		}
		if in.IDs != nil { // a filter's are in order
			if err := tx.inOrder(drafts); err != nil {
				return err
			}
		}
		tx.keepOrder(drafts)
		g, err := tx.land(drafts, target.ID, place)
		out.PlaceFellBack, out.PlacedBy = g.fellBack(), g.placedBy
		return err
	}
	return b
}

// inOrder puts drafts into the order in which their records stand on the board.
func (tx *Tx) inOrder(drafts []*draft) error {
	ids, err := tx.onBoard(false, func(b *scope.Builder) { b.In("r.id", idsOf(drafts)) }, len(drafts))
	if err != nil {
		return err
	}
	at := map[string]int{}
	for i, id := range ids {
		at[id] = i
	}
	slices.SortStableFunc(drafts, func(a, b *draft) int { return at[a.cur.ID] - at[b.cur.ID] })
	return nil
}

// keepOrder has the transaction run again when the stages that ordered drafts come from changed places before it was over:
// a block keeps the order of the board that its revision changes. Nothing holds those stages.
func (tx *Tx) keepOrder(drafts []*draft) {
	var from []string
	for _, d := range drafts {
		if len(from) == 0 || from[len(from)-1] != d.cur.StageID {
			from = append(from, d.cur.StageID)
		}
	}
	if len(from) < 2 {
		return
	}
	tx.settle(func() error {
		now, err := tx.stageOrder(from)
		if err == nil && !slices.Equal(now, from) {
			err = errRetry
		}
		return err
	})
}

// stageOrder gives stages in the order in which they stand on the boards, those of the first pipeline first.
func (tx *Tx) stageOrder(ids []string) ([]string, error) {
	return tx.ids(tx.begin().Add("SELECT s.id FROM stages s JOIN pipelines p ON ").Same("p", "s").Add(" AND p.id = s.pipeline_id WHERE ").
		Workspace("s").Add(" AND ").In("s.id", ids).Add(" ORDER BY p.position, p.id, s.position, s.id"))
}

func idsOf(drafts []*draft) []string {
	ids := make([]string, len(drafts))
	for i, d := range drafts {
		ids[i] = d.cur.ID
	}
	return ids
}
