package main

import (
	"context"
	"math/rand/v2"

	"github.com/rapidbott/tideboard/bench/api"
)

// move measures writing: cards taken at random go to the top or bottom of random stages. What counts is the workspace's
// revision, so that a move which changes nothing is no commit.
func (b *bench) move(ctx context.Context) (*report, error) {
	d, err := b.newDuel(ctx, "/move", "plain SQL", func() []byte {
		return api.Request(api.Move, map[string]any{"input": b.anyMove()})
	}, func() []byte { return encode(b.anyMove()) })
	if err != nil {
		return nil, err
	}
	defer d.close()
	revision := func() (int64, error) { return b.db.Revision(ctx, b.world.WorkspaceID) }
	d.ours.count, d.theirs.count = revision, revision
	if err := d.fight(ctx, b.rounds, b.round); err != nil {
		return nil, err
	}
	text, _ := d.figure()
	return &report{lines: d.lines("commits"), figure: text}, nil
}

func (b *bench) anyMove() map[string]string {
	w := b.world
	return map[string]string{"recordId": w.RecordIDs[rand.IntN(len(w.RecordIDs))],
		"toStageId": w.StageIDs[rand.IntN(len(w.StageIDs))], "toEnd": []string{"TOP", "BOTTOM"}[rand.IntN(2)]}
}
