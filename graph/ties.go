package graph

import (
	"context"
	"slices"

	"github.com/rapidbott/tideboard/server/row"
)

// participants gives each record those of its participants whose contacts the caller sees, in one statement.
func (r *Resolver) participants(ctx context.Context, records []*row.Record) ([][]*row.Participant, error) {
	var ids []string
	for _, rec := range records {
		for _, p := range rec.Parties {
			ids = append(ids, p.ContactID)
		}
	}
	found, err := r.Read.ContactsByID(ctx, unique(ids))
	if err != nil {
		return nil, err
	}
	out := make([][]*row.Participant, len(records))
	for i, rec := range records {
		out[i] = []*row.Participant{}
		for _, p := range rec.Parties {
			if c := found[p.ContactID]; c != nil {
				out[i] = append(out[i], &row.Participant{Contact: c, Role: p.Role})
			}
		}
	}
	return out, nil
}

// ties gives each record those of its links that lead to records the caller sees, in one statement.
func (r *Resolver) ties(ctx context.Context, records []*row.Record) ([][]*row.RecordLink, error) {
	var ids []string
	for _, rec := range records {
		for _, l := range rec.Ties {
			ids = append(ids, l.RecordID)
		}
	}
	found, err := r.Read.RecordsByID(ctx, unique(ids))
	if err != nil {
		return nil, err
	}
	out := make([][]*row.RecordLink, len(records))
	for i, rec := range records {
		out[i] = []*row.RecordLink{}
		for _, l := range rec.Ties {
			if other := found[l.RecordID]; other != nil {
				out[i] = append(out[i], &row.RecordLink{Record: other, Label: l.Label, Direction: l.Direction})
			}
		}
	}
	return out, nil
}

// unique drops repeated ids.
func unique(ids []string) []string {
	slices.Sort(ids)
	return slices.Compact(ids)
}
