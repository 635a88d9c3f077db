import { contextBridge, type IpcRendererEvent, ipcRenderer } from 'electron'
import type { Bridge } from '../shared/bridge.ts'
import type { CoreEvent } from '../shared/events.ts'
import { mediaPath } from '../shared/media-path.ts'

const bridge: Bridge = {
  host: 'electron',
  request: (route, input) => ipcRenderer.invoke('carat:request', route, input),
  subscribe(listener) {
    const receive = (_: IpcRendererEvent, event: CoreEvent) => listener(event)
    ipcRenderer.on('carat:event', receive)
    return () => {
      ipcRenderer.off('carat:event', receive)
    }
  },
  mediaUrl: mediaPath,
}

contextBridge.exposeInMainWorld('caratBridge', bridge)
