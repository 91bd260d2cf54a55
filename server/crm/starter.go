package crm

import (
	"github.com/rapidbott/tideboard/ent"
	"github.com/rapidbott/tideboard/ent/pipeline"
	"github.com/rapidbott/tideboard/ent/stage"
)

// starterKey is the template that the starter board is made of (spec pipelines, section 4).
const starterKey = "sales_standard"

// starterStages are the stages of sales_standard.
var starterStages = []struct {
	name, color string
	probability int
	kind        stage.Kind
}{
	{"Lead", "#9CA3AF", 10, stage.KindOPEN},
	{"Qualified", "#3B82F6", 30, stage.KindOPEN},
	{"Proposal", "#EAB308", 50, stage.KindOPEN},
	{"Negotiation", "#EF4444", 70, stage.KindOPEN},
	{"Closed Won", "#22C55E", 100, stage.KindWON},
	{"Closed Lost", "#9CA3AF", 0, stage.KindLOST},
}

// insertStarter makes the board that a workspace begins with, so that whoever logs in first finds one.
func (tx *Tx) insertStarter() error {
	key, description := starterKey, "Sell to other businesses from first contact to signature."
	p, err := tx.insertPipeline(ent.Pipeline{Name: "Sales Pipeline", Description: &description, Category: pipeline.CategorySALES,
		RecordType: pipeline.RecordTypeDEAL, TemplateKey: &key})
	if err != nil {
		return err
	}
	for i, s := range starterStages {
		if _, err := tx.insertStage(p.ID, ent.Stage{Name: s.name, Color: s.color, Kind: s.kind, DefaultProbability: &s.probability}, i); err != nil {
			return err
		}
	}
	return nil
}
