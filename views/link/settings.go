package link

// DeskSettings is what the street can set, with its present state.
func DeskSettings() string { return "/desk/settings" }

// DeskCommunities lists the street's communities.
func DeskCommunities() string { return "/desk/settings/communities" }

// DeskUnits lists the member units.
func DeskUnits() string { return "/desk/settings/units" }

// DeskCommittees lists the people's mediation committees.
func DeskCommittees() string { return "/desk/settings/committees" }

// DeskKinds lists the kinds of representatives.
func DeskKinds() string { return "/desk/settings/kinds" }

// Setting is one row of a list of settings, and with a verb where a change of it is posted.
func Setting(list, id string, verb ...string) string {
	out := path(list+"/", id)
	for _, v := range verb {
		out += "/" + v
	}
	return out
}
