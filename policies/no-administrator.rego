# METADATA
# title: No role of ours may do everything
# description: >-
#   AWS's policies for administrators do not belong to a role that a program takes, and nobody from everywhere takes one.
# custom:
#   title_ja: 自社のロールに全権限を与えない
#   code: no-administrator
#   about: iam-role
#   effect: deny
package tokaido.no_administrator

almighty := {"AdministratorAccess", "PowerUserAccess", "IAMFullAccess"}

checked contains role.id if some role in input.planned["iam-role"]

broken contains {
	"id": role.id,
	"en": sprintf("has the policy %s; give it the actions that it needs", [name]),
	"ja": sprintf("ポリシー %s が付いています。必要な操作だけを許可してください", [name]),
} if {
	some role in input.planned["iam-role"]
	role.standing != "foreign"
	some arn in role.attributes.managed_policies
	some name in almighty
	endswith(arn, concat("", ["/", name]))
}
