import { Download, Star } from 'lucide-react'
import { useState } from 'react'
import { now } from '../../../src/renderer/data/clock.ts'
import { useRoute } from '../../../src/renderer/data/hooks.ts'
import { jobRef, recordAttributes } from '../../../src/renderer/data/records.ts'
import { useLabels } from '../../../src/renderer/i18n/use-texts.ts'
import { StatusPill } from '../../../src/renderer/parts/credits/status-pill.tsx'
import { AgentBadge } from '../../../src/renderer/parts/jobs/agent-badge.tsx'
import { Thumbnail } from '../../../src/renderer/parts/jobs/thumbnail.tsx'
import { FilterMenu } from '../../../src/renderer/parts/screen/filter-menu.tsx'
import { ExternalLink } from '../../../src/renderer/parts/screen/links.tsx'
import { Screen, Sheet, useReady } from '../../../src/renderer/parts/screen/screen.tsx'
import { EmptyState, ErrorState } from '../../../src/renderer/parts/screen/states.tsx'
import { Button, IconButton } from '../../../src/renderer/ui/button.tsx'
import { Chip, ChipDivider, ChipRow } from '../../../src/renderer/ui/chip.tsx'
import { Dialog } from '../../../src/renderer/ui/dialog.tsx'
import { SearchField } from '../../../src/renderer/ui/search-field.tsx'
import { useToast } from '../../../src/renderer/ui/toast.tsx'
import { Amount, Time } from '../../../src/renderer/ui/values.tsx'
import { VirtualList } from '../../../src/renderer/ui/virtual-list.tsx'
import { refundStatuses } from '../../../src/shared/values.ts'

/** Every component on one sheet. */
export function PartsScreen() {
  const labels = useLabels()
  const toast = useToast()
  const { data } = useRoute('jobs.list', { limit: 200 })
  const jobs = data?.items ?? []
  useReady(data !== undefined)
  const [chosen, setChosen] = useState<string[]>(['refunded'])
  const [text, setText] = useState('고양이')
  const [dialog, setDialog] = useState(false)
  const pictured = jobs.find((job) => job.results.length > 0)
  const media = pictured?.results[0] ? { ...jobRef(pictured), resultId: pictured.results[0].id } : null
  return (
    <Screen title="Parts" actions={<Button icon={Download}>Export</Button>}>
      <Sheet>
        <ChipRow label="pills">
          {refundStatuses.map((status) => (
            <StatusPill key={status} status={status} />
          ))}
        </ChipRow>
        <ChipRow label="buttons">
          <Button variant="primary" size="large">
            Primary
          </Button>
          <Button onClick={() => setDialog(true)}>Dialog</Button>
          <Button variant="soft" size="small" onClick={() => toast('Copied', () => {})}>
            Toast
          </Button>
          <Button variant="plain">Plain</Button>
          <Button disabled>Disabled</Button>
          <IconButton icon={Star} label="Favourite" />
          <ExternalLink to="upgrade">Upgrade</ExternalLink>
          <ExternalLink to="credits" button={{ variant: 'primary' }}>
            Top up
          </ExternalLink>
          <AgentBadge agent="agent-1" />
          <AgentBadge agent="agent-2" />
          <AgentBadge agent="agent-1" look="quiet" />
          <AgentBadge agent="agent-2" look="quiet" />
          <Amount value={-1736} look="signed" />
          <Amount value={1} look="unit" />
          <Time at={now() - 86_400_000} />
        </ChipRow>
        <ChipRow label="chips">
          <Chip pressed onPressedChange={() => {}} count={171}>
            {labels.kind('image')}
          </Chip>
          <Chip pressed={false} onPressedChange={() => {}} count={62}>
            {labels.kind('video')}
          </Chip>
          <Chip pressed={false} onPressedChange={() => {}} count={0}>
            {labels.kind('audio')}
          </Chip>
          <ChipDivider />
          <FilterMenu label="Refund" options={options()} value={chosen} onChange={setChosen} />
          <FilterMenu label="Model" options={options()} value={[]} onChange={() => {}} />
        </ChipRow>
        <SearchField label="Search" value={text} onChange={setText} />
        <div style={{ display: 'flex', gap: 8 }}>
          <Thumbnail media={media} alt="" className="preview-tile" />
          <Thumbnail
            media={null}
            alt="A prompt"
            caption="오후 빛이 드는 나무 탁자 위의 백자"
            className="preview-tile"
          />
        </div>
        <EmptyState icon={Star} title="Nothing yet" reason="Because." action={<Button>Way out</Button>} />
        <ErrorState error={{ code: 'unreachable', params: { host: 'api.carat.im' } }} onRetry={() => {}} />
        <VirtualList
          label="jobs"
          items={jobs}
          getKey={(job) => job.jobId}
          estimateHeight={() => 36}
          renderRow={(job) => (
            <div className="preview-row" {...recordAttributes(job)}>
              <AgentBadge agent={job.agent} look="quiet" />
              <span className="clip">{job.prompt}</span>
              <StatusPill status={job.refundStatus} />
            </div>
          )}
        />
        <Dialog
          open={dialog}
          onOpenChange={setDialog}
          title="Question"
          description="What it means."
          actions={<Button variant="primary">Yes</Button>}
        />
      </Sheet>
    </Screen>
  )

  function options() {
    return refundStatuses.map((value, index) => ({ value: value as string, label: labels.status(value), count: index }))
  }
}
