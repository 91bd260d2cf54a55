package crm

import (
	"github.com/rapidbott/tideboard/ent"
	"github.com/rapidbott/tideboard/ent/stage"
	"github.com/rapidbott/tideboard/server/fault"
)

// PipelineMoveInput says where the records of a deleted pipeline go, and why they are lost where that is a LOST stage.
type PipelineMoveInput struct {
	PipelineID    string
	StageID       *string
	StageMap      []*StageMoveInput
	LostReason    *string
	LostReasonKey *string
}

// elsewhere says, by stage of a pipeline that goes, where in another its records move to. Everything that the caller names is
// looked up, whether there are records or not; nil when it names nothing.
func (tx *Tx) elsewhere(from string, leaving []*ent.Stage, to *PipelineMoveInput) (map[string]exit, error) {
	if to == nil {
		return nil, nil
	}
	if to.PipelineID == from {
		return nil, fault.At("input.moveTo.pipelineId", fault.ValidationFailed, "the records cannot stay in the pipeline that goes")
	}
	if _, err := tx.pipeline("input.moveTo.pipelineId", to.PipelineID, false); err != nil {
		return nil, err
	}
	stages, err := tx.stages(to.PipelineID)
	if err != nil {
		return nil, err
	}
	byID, rest := map[string]*ent.Stage{}, (*ent.Stage)(nil)
	for _, st := range stages {
		byID[st.ID] = st
		if rest == nil && st.Kind == stage.KindOPEN {
			rest = st
		}
	}
	if to.StageID != nil {
		if rest = byID[*to.StageID]; rest == nil {
			return nil, fault.At("input.moveTo.stageId", fault.StageNotInPipeline, "not a stage of that pipeline")
		}
	}
	return tx.exitsTo(to, byID, leaving, rest)
}

// exitsTo gives each stage its exit: that of the map, else the one for the rest.
func (tx *Tx) exitsTo(to *PipelineMoveInput, byID map[string]*ent.Stage, leaving []*ent.Stage, rest *ent.Stage) (map[string]exit, error) {
	c := &checker{}
	common := exit{rest, c.closing("input.moveTo", nil, to.LostReason, to.LostReasonKey), "input.moveTo"}
	out, said := map[string]exit{}, map[string]bool{}
	for _, st := range leaving {
		out[st.ID] = common
	}
	lost := rest.Kind == stage.KindLOST
	for i, m := range to.StageMap {
		path := pathOf("input.moveTo.stageMap", i)
		target := byID[m.ToStageID]
		if _, goes := out[m.FromStageID]; !goes {
			return nil, fault.At(path+".fromStageId", fault.StageNotInPipeline, "not a stage of the pipeline that goes")
		}
		if target == nil {
			return nil, fault.At(path+".toStageId", fault.StageNotInPipeline, "not a stage of that pipeline")
		}
		if said[m.FromStageID] {
			c.Add(path+".fromStageId", "was given before")
			continue
		}
		said[m.FromStageID] = true
		e, err := tx.leaving(c, target, path, m.LostReason, m.LostReasonKey)
		if err != nil {
			return nil, err
		}
		if !e.closing.reasoned() {
			e.closing = common.closing
		}
		out[m.FromStageID] = e
		lost = lost || target.Kind == stage.KindLOST
	}
	if common.closing.reasoned() && !lost {
		c.Take("input.moveTo.lostReason", reasonNotTaken("input.moveTo"))
	} else if err := tx.reasonTaken(c, "input.moveTo", common.closing.key); err != nil {
		return nil, err
	}
	for id, e := range out {
		if e.target.Kind != stage.KindLOST { // a reason for all is for those that are lost
			e.closing = closing{}
			out[id] = e
		}
	}
	return out, c.Err()
}

// moveAll moves the records of a pipeline to another, stage by stage, keeping their order.
func (tx *Tx) moveAll(cards []*ent.Record, exits map[string]exit) error {
	for start := 0; start < len(cards); {
		end := start
		for end < len(cards) && cards[end].StageID == cards[start].StageID {
			end++
		}
		if err := tx.moveBlock(cards[start:end], exits[cards[start].StageID]); err != nil {
			return err
		}
		start = end
	}
	return nil
}
