package policy_test

import (
	"fmt"

	"github.com/rapidbott/tideboard/server/typeid"
)

func badPipelines() []bad {
	stage := func(more in) []any { return []any{with(in{"name": "One"}, more)} }
	base := in{"name": "New", "stages": stage(nil)}
	f := func(name, code string, values ...any) []bad {
		return field("createPipeline", base, name, code, values...)
	}
	var many []any
	for i := range 51 {
		many = append(many, in{"name": fmt.Sprint("s", i)})
	}
	return all(
		f("name", invalid, "", "  ", repeat("x", 101), nul), f("name", "DUPLICATE", "Sales", " sales ", "SALES"), f("description", invalid, repeat("x", 501), nul),
		f("category", invalid, "SPORT"), f("recordType", invalid, "CASE"), f("staleAfterHours", invalid, 0, -1, 8761, 3_000_000_000),
		f("stages", invalid, []any{}, many, stage(in{"name": ""}), stage(in{"name": repeat("x", 61)}), stage(in{"name": nul}), stage(in{"color": "red"}),
			stage(in{"color": "#12345"}), stage(in{"color": nul}), stage(in{"defaultProbability": 101}), stage(in{"staleAfterHours": 0}),
			stage(in{"requiredFields": []string{"TITLE"}}), stage(in{"kind": "HALF"}), stage(in{"id": typeid.New(typeid.Stage)}), nil),
		f("stages", "DUPLICATE", []any{in{"name": "One"}, in{"name": " ONE "}}),
		f("stages", "LAST_OPEN_STAGE", stage(in{"kind": "WON"})),
		f("stages", "PROBABILITY_FIXED", []any{in{"name": "A"}, in{"name": "B", "kind": "LOST", "defaultProbability": 50}}),
		f("stages", "UNKNOWN_FIELD", stage(in{"position": 1})),
	)
}

func badMoves(c *cast) []bad {
	base := in{"recordId": c.id[typeid.Record], "toStageId": c.Offer}
	f := func(name, code string, values ...any) []bad { return field("moveRecord", base, name, code, values...) }
	batch := func(n int) (ids []string) {
		for range n {
			ids = append(ids, typeid.New(typeid.Record))
		}
		return ids
	}
	return all(
		f("toStageId", invalid, nil, c.Pipeline, "x"), f("toStageId", "STAGE_NOT_IN_PIPELINE", c.inbox), f("toStageId", "NOT_FOUND", typeid.New(typeid.Stage)),
		f("toPipelineId", "STAGE_NOT_IN_PIPELINE", c.sparePipeline), f("toEnd", invalid, "MIDDLE"), f("probability", invalid, 101),
		f("afterRecordId", invalid, "x", c.Lead), f("lostReason", invalid, "why", repeat("x", 501), nul), f("expect", "CONFLICT", in{"version": 99}),
		field("deleteRecords", in{}, "ids", invalid, []string{}, nil, true, []any{nil}), field("deleteRecords", in{}, "ids", "BATCH_TOO_LARGE", batch(501)),
		field("deleteRecords", in{"onError": "REJECT_ALL"}, "ids", "NOT_FOUND", batch(1)), field("deleteRecords", in{"onError": "REJECT_ALL"}, "ids", invalid, batch(2)),
		field("deleteRecords", in{"ids": batch(1)}, "onError", invalid, "IGNORE"),
		field("setTaskStatus", in{"id": c.id[typeid.Task]}, "status", invalid, "LATE", nil), field("setTaskStatus", in{"status": "DONE"}, "id", invalid, nul),
		field("updatePipeline", in{"id": c.Pipeline}, "moveRecords", invalid, []any{in{"fromStageId": c.Lead, "toStageId": c.Offer}}),
		field("updatePipeline", in{"id": c.Pipeline}, "expectedVersion", "CONFLICT", 99), field("updatePipeline", in{"id": c.Pipeline}, "name", invalid, nil, nul),
		field("deletePipeline", in{"id": c.sparePipeline}, "deleteRecords", "CONFLICT", true),
		field("createPipelineFromTemplate", in{}, "templateKey", "NOT_FOUND", "", "Sales"), field("createPipelineFromTemplate", in{}, "templateKey", invalid, nil, 5, nul),
		field("createPipelineFromTemplate", in{"templateKey": "sales_standard"}, "name", invalid, "", nul, repeat("x", 101)),
		field("createPipelineFromTemplate", in{"templateKey": "sales_standard"}, "description", invalid, nul, repeat("x", 501)),
		field("createPipelineFromTemplate", in{"templateKey": "sales_standard"}, "stagePositions", invalid, []any{-1}, []any{0, 0}, []any{6}, []any{nil}, []any{1.5}),
		field("createPipelineFromTemplate", in{"templateKey": "sales_standard"}, "stagePositions", "LAST_OPEN_STAGE", []any{}, []any{4}),
		field("duplicatePipeline", in{"id": c.Pipeline}, "name", invalid, " ", nul, repeat("x", 101)), field("duplicatePipeline", in{"id": c.Pipeline}, "name", "DUPLICATE", "SALES"),
		field("duplicatePipeline", in{"id": c.Pipeline}, "copyRecords", invalid, "SOME", nil, true), field("restorePipeline", in{"id": c.Pipeline}, "name", invalid, "", nul),
		field("reorderPipelines", in{}, "pipelineIds", invalid, nil, []any{nul}, []any{c.Lead}), field("reorderPipelines", in{}, "pipelineIds", "CONFLICT", []any{}, []any{c.Pipeline}),
		field("reorderStages", in{"pipelineId": c.Pipeline}, "stageIds", invalid, nil, []any{"x"}), field("reorderStages", in{"pipelineId": c.Pipeline}, "stageIds", "CONFLICT", []any{c.Lead}),
		field("deletePipeline", in{"id": c.sparePipeline}, "deleteRecords", "PIPELINE_NOT_EMPTY", false),
	)
}
